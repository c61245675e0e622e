import { match, notStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readCommandLine } from '../../../stack/processes/leftover-process.ts'
import { Supervisor, type ChildPlan } from '../../../stack/processes/supervisor.ts'
import { makeTemporaryDirectory } from '../../../stack/disk/temporary-directory.ts'
import { until } from '../../harness/until.ts'

const directory = makeTemporaryDirectory()
afterAll(() => directory.remove())
const logDirectory = join(directory.path, 'logs')

function planShell(name: string, script: string, options: Partial<ChildPlan> = {}): ChildPlan {
  return {
    name,
    command: () => ({ file: '/bin/sh', args: ['-c', script] }),
    waitUntilReady: async (lines, signal) => {
      while (!lines.includes('up')) await sleep(5, undefined, { signal })
    },
    stopSignal: 'SIGTERM',
    stopGraceMs: 5000,
    orphanSignal: 'SIGTERM',
    ...options,
  }
}

const sleeper = 'echo up; exec sleep 600'

function getPid(supervisor: Supervisor, name: string): number {
  const pid = supervisor.pids[name]
  ok(pid !== undefined)
  return pid
}

describe('the supervisor', () => {
  it('starts a killed process again and tells its new number', async () => {
    const told: number[] = []
    const supervisor = new Supervisor({ logDirectory, onPidsChanged: ({ a }) => told.push(a ?? 0) })
    await supervisor.start(planShell('a', sleeper))
    const first = getPid(supervisor, 'a')
    process.kill(first, 'SIGKILL')
    await until(() => supervisor.pids['a'] !== first)
    const second = getPid(supervisor, 'a')
    notStrictEqual(readCommandLine(second), undefined)
    strictEqual(told.join(), `${first},${second}`)
    await supervisor.stop()
    strictEqual(readCommandLine(second), undefined)
  })

  it('tries a first start again where the process may have been unlucky, so often and no more', async () => {
    const supervisor = new Supervisor({ logDirectory })
    const mark = join(directory.path, 'unlucky')
    const script = `echo x >> ${mark}; [ $(wc -l < ${mark}) -lt 3 ] && exit 2; ${sleeper}`
    await rejects(supervisor.start(planShell('u', script, { furtherStarts: 1 })), /u did not start/)
    await supervisor.start(planShell('v', script, { furtherStarts: 1 }))
    strictEqual(readFileSync(mark, 'utf8'), 'x\nx\nx\n')
    await supervisor.stop()
  })

  it('does not start what fails at its first start, and repeats its last words', async () => {
    const supervisor = new Supervisor({ logDirectory })
    await rejects(
      supervisor.start(planShell('b', 'echo the disk is missing >&2; exit 3')),
      /b did not start.*\n.*disk is missing/,
    )
    await supervisor.stop()
  })

  it('gives up on a process that crashes again and again', async () => {
    const supervisor = new Supervisor({ logDirectory, crashesAllowedInAMinute: 3 })
    let starts = 0
    const go = () => join(directory.path, `go-${starts}`)
    await supervisor.start({
      ...planShell('c', ''),
      command: () => {
        starts += 1
        const script = `echo up; until [ -e ${go()} ]; do sleep 0.02; done; echo out of luck; exit 1`
        return { file: '/bin/sh', args: ['-c', script] }
      },
      // It crashes when it is known to be up and not before, however slow the machine is.
      waitUntilReady: async (lines, signal) => {
        while (!lines.includes('up')) await sleep(5, undefined, { signal })
        writeFileSync(go(), '')
      },
    })
    match(await supervisor.givenUp, /c crashed 4 times in a minute[^]*out of luck/)
    strictEqual(starts, 4)
    await supervisor.stop()
  })

  it('waits for what a killed process left behind', async () => {
    const hold = join(directory.path, 'hold')
    // Counted in another file: appending to this one could make it again just after it was removed.
    const script = `if [ -e ${hold} ]; then echo held >> ${hold}-times; echo still held; exit 1; fi; ${sleeper}`
    const supervisor = new Supervisor({ logDirectory })
    await supervisor.start(planShell('held', script, { isHeldUp: (lines) => lines.includes('still held') }))
    const first = getPid(supervisor, 'held')
    writeFileSync(`${hold}-times`, '')
    writeFileSync(hold, '')
    process.kill(first, 'SIGKILL')
    // More often than a start may fail.
    await until(() => readFileSync(`${hold}-times`, 'utf8').split('\n').length > 9)
    rmSync(hold)
    await until(() => readFileSync(join(logDirectory, 'held.log'), 'utf8').endsWith('up\n'))
    notStrictEqual(getPid(supervisor, 'held'), first)
    await supervisor.stop()
  })

  it('stops the newest first, and kills what does not listen', async () => {
    const supervisor = new Supervisor({ logDirectory })
    await supervisor.start(planShell('first', sleeper))
    await supervisor.start(
      planShell('deaf', `trap '' TERM; echo up; while :; do sleep 0.1; done`, { stopGraceMs: 100 }),
    )
    const { first = 0, deaf = 0 } = supervisor.pids
    const stopping = supervisor.stop()
    await until(() => readCommandLine(deaf) === undefined)
    await stopping
    strictEqual(readCommandLine(first), undefined)
    await rejects(supervisor.start(planShell('late', sleeper)), /is being stopped/)
  })

  it('leaves nobody behind when it is killed itself', async () => {
    const script = `
      import { Supervisor } from ${JSON.stringify(new URL('../../../stack/processes/supervisor.ts', import.meta.url).href)}
      const supervisor = new Supervisor({ logDirectory: ${JSON.stringify(logDirectory)} })
      await supervisor.start({
        name: 'orphan', command: () => ({ file: '/bin/sleep', args: ['600'] }), waitUntilReady: () => Promise.resolve(),
        stopSignal: 'SIGTERM', stopGraceMs: 1000, orphanSignal: 'SIGTERM',
      })
      console.log(supervisor.pids.orphan)
      setInterval(() => undefined, 1000)`
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const orphan = await new Promise<number>((resolve) =>
      parent.stdout.once('data', (text: Buffer) => resolve(Number(text))),
    )
    notStrictEqual(readCommandLine(orphan), undefined)
    parent.kill('SIGKILL')
    await until(() => readCommandLine(orphan) === undefined)
  })
})
