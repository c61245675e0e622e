import { statfsSync } from 'node:fs'

/**
 * With less than this PostgreSQL cannot make the next file of its log, 16 MiB, and ends itself: nothing that was committed is
 * lost, and it starts when there is room. Twice as much, because what it gives back when it ends counts as free.
 */
const neededBytes = 32 * 1024 * 1024
const lookEveryMs = 2000

/** Whether the disk of this folder has hardly any room for those who are not root. False where that cannot be told. */
export function isDiskFull(folder: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(folder)
    return bavail * bsize < neededBytes
  } catch {
    return false
  }
}

/** Whether something failed because a disk had no room for it. */
export function isFullError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOSPC'
}

/** What a stack that could not be started is refused with. */
export function refuseFullDisk(folder: string, cause: unknown): Error {
  return new Error(`${describeFullDisk(folder)} Make room and start again.`, { cause })
}

/** One sentence for whoever runs the stack. */
function describeFullDisk(folder: string): string {
  return `The disk of ${folder} is full: what was written is kept, what is under way waits, and both go on when there is room.`
}

/**
 * Looks at the disk of a folder every now and then, and says it once when it is full and once when there is room again. Call
 * `stop` when the folder is needed no more; it keeps no process alive.
 */
export function watchDisk(folder: string, say: (text: string) => void): { readonly stop: () => void } {
  let wasFull = false
  const timer = setInterval(() => {
    const isFull = isDiskFull(folder)
    if (isFull !== wasFull) say(isFull ? describeFullDisk(folder) : 'There is room on the disk again.')
    wasFull = isFull
  }, lookEveryMs)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
