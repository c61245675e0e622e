/**
 * Something that goes on in steps, beside others. `next` is what its next step is called, undefined when there is none
 * (now); `isRead` says that the step changes nothing that others see.
 */
export type Actor = {
  readonly next: () => { readonly name: string; readonly isRead: boolean } | undefined
  readonly step: () => Promise<void>
}

/**
 * Plays the actors that `begin` makes afresh each time in every order in which their steps can follow each other, each
 * once; `end` is called after each. Of two neighbouring steps that only read, one order stands for both. Gives the
 * number of orders.
 */
export async function playEveryOrder(
  begin: () => Promise<readonly Actor[]>,
  end: (order: readonly string[]) => Promise<void>,
): Promise<number> {
  let choices: { chosen: number; options: readonly number[] }[] = []
  for (let count = 0; ;) {
    const actors = await begin()
    const order: string[] = []
    let last: { readonly actor: number; readonly isRead: boolean } | undefined
    let isRepeated = false
    for (let at = 0; ; at++) {
      const alive = actors.map((actor) => actor.next())
      const options = alive.flatMap((next, index) =>
        next === undefined || (next.isRead && last?.isRead === true && index < last.actor) ? [] : [index],
      )
      if (options.length === 0) {
        isRepeated = alive.some((next) => next !== undefined)
        break
      }
      const choice = (choices[at] ??= { chosen: 0, options })
      const actor = options[choice.chosen] ?? 0
      const next = alive[actor]
      await actors[actor]?.step()
      order.push(next?.name ?? '')
      last = { actor, isRead: next?.isRead ?? false }
    }
    if (!isRepeated) {
      count += 1
      await end(order)
    }
    while (choices.length > 0 && isExhausted(choices.at(-1))) choices = choices.slice(0, -1)
    const deepest = choices.at(-1)
    if (deepest === undefined) return count
    deepest.chosen += 1
  }
}

function isExhausted(choice: { chosen: number; options: readonly number[] } | undefined): boolean {
  return choice === undefined || choice.chosen + 1 >= choice.options.length
}
