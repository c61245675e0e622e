import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { runCommand } from '../run-command.ts'

/** What bash offers after these words, the last of which is being typed. */
function complete(script: string, ...words: readonly string[]): string[] {
  const line = ['rollbook', ...words].map((word) => `'${word}'`).join(' ')
  const shell = `${script}\nCOMP_WORDS=(${line}); COMP_CWORD=${words.length}; _rollbook; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout, stderr } = spawnSync('bash', ['-c', shell], { encoding: 'utf8' })
  assert.equal(stderr, '')
  return stdout.trim().split('\n')
}

describe('completion', () => {
  it('offers the commands, their parts and their options to bash', async () => {
    const { stdout: script } = await runCommand(['completion', 'bash'])
    assert.deepEqual(complete(script, 'dist'), ['district'])
    assert.deepEqual(complete(script, 'district', ''), ['create', 'list'])
    assert.deepEqual(complete(script, 'district', 'create', 'lakeside', '--na'), ['--name'])
    assert.ok(complete(script, '').includes('doctor'))
  })

  it('offers files where a command takes one', async () => {
    const { stdout: script } = await runCommand(['completion', 'bash'])
    assert.deepEqual(complete(script, 'import', '/etc/host'), complete(script, 'validate', '/etc/host'))
    assert.ok(complete(script, 'import', '/etc/host').includes('/etc/hosts'))
  })

  it('is there for zsh and fish, and refuses another shell', async () => {
    assert.match((await runCommand(['completion', 'zsh'])).stdout, /^autoload -U \+X bashcompinit/)
    assert.match(
      (await runCommand(['completion', 'fish'])).stdout,
      /complete -c rollbook -f -n '__fish_use_subcommand' -a district/,
    )
    const refused = await runCommand(['completion', 'powershell'])
    assert.equal(refused.exitCode, 2)
    assert.match(refused.stderr, /none of bash, zsh, fish/)
  })
})
