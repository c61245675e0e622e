const closings: (() => unknown)[] = []

/** Does it when the test that asked has ended, however it ended; what was asked last is done first. */
export function afterTest(close: () => unknown): void {
  closings.push(close)
}

afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close()
})
