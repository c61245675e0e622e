import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

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
