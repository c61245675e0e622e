import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describeLogLine } from '../../platform/human-log.ts'
import { makeTemporaryDirectory } from '../../stack/disk/temporary-directory.ts'

const logModule = fileURLToPath(new URL('../../platform/log.ts', import.meta.url))

function logOf(statement: string): string {
  const program = `import { createLog } from ${JSON.stringify(logModule)}; const log = createLog({ process: 'test' }); ${statement}`
  return spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }).stdout
}

describe('the log', () => {
  it('keeps what a database error quotes to itself, and says its code and where it happened', () => {
    const line = logOf(
      `const err = Object.assign(new Error('invalid input syntax for type date: "9 May 2011"'), { code: '22007' })
       log.error({ err }, 'step failed')`,
    )
    assert.doesNotMatch(line, /9 May/)
    const { err } = JSON.parse(line) as { err: { code: string; message: string; stack: string } }
    assert.equal(err.message, 'database error 22007')
    assert.match(err.stack, /^ {4}at /)
  })

  it('says what other errors say', () => {
    assert.match(logOf(`log.error({ err: new Error('the disk is missing') }, 'failed')`), /the disk is missing/)
  })
})

describe('the log at a terminal', () => {
  const line = (facts: object) =>
    describeLogLine(JSON.stringify({ level: 'warn', time: '2026-11-20T02:00:00.000Z', process: 'worker', ...facts }))

  it('is a line for people, with what is known', () => {
    const text = line({ msg: 'step failed', step: 'stageRun', attempt: 2, runId: null })
    assert.match(text, /^\d\d:\d\d:\d\d warn {2}step failed step=stageRun attempt=2$/)
  })

  it('shows where an error came from, and moves no cursor', () => {
    const text = line({
      msg: 'a\u001b[2Jb\u0007',
      err: { message: 'the disk is missing', stack: 'Error: x\n    at y' },
    })
    assert.match(text, /a\ufffd\[2Jb\ufffd[^]*\n    at y$/)
  })

  it('is JSON where nobody reads along', () => {
    assert.equal((JSON.parse(logOf(`log.info('up')`)) as { msg: string }).msg, 'up')
  })

  const hasTerminals = spawnSync('script', ['--version']).status === 0
  const atTerminal = hasTerminals ? it : it.skip
  atTerminal('is what a process prints there', () => {
    const folder = makeTemporaryDirectory()
    const program = join(folder.path, 'program.ts')
    writeFileSync(
      program,
      `import { createLog } from '${logModule}'\ncreateLog({ process: 'test' }).info({ n: 1 }, 'up')\n`,
    )
    const printed = spawnSync('script', ['-qec', `${process.execPath} ${program}`, '/dev/null'], { encoding: 'utf8' })
    folder.remove()
    assert.match(printed.stdout, /\d\d:\d\d:\d\d info {2}up n=1/)
  })
})
