import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeTemporaryDirectory } from '../../../stack/disk/temporary-directory.ts'

const root = join(import.meta.dirname, '..', '..', '..')
const temporary = makeTemporaryDirectory()
afterAll(() => temporary.remove())
const files = ['docker-compose.yml', 'Dockerfile'] as const

/** Runs the script on copies of our files, with a docker that answers by `answers`, a shell script. */
function pin(name: string, answers: string) {
  const folder = join(temporary.path, name)
  mkdirSync(join(folder, 'bin'), { recursive: true })
  const docker = join(folder, 'bin', 'docker')
  writeFileSync(docker, `#!/bin/sh\n# buildx imagetools inspect --format … IMAGE\nimage=$6\n${answers}\n`)
  chmodSync(docker, 0o755)
  const run = () =>
    spawnSync(join(root, 'deploy', 'pin-images.sh'), [folder], {
      env: { PATH: `${join(folder, 'bin')}:${process.env['PATH'] ?? ''}` },
      encoding: 'utf8',
    })
  for (const file of files) cpSync(join(root, file), join(folder, file))
  const read = () => files.map((file) => readFileSync(join(folder, file), 'utf8')).join('')
  return { run, read }
}

/** Another one for each image and for each `$SALT`. */
const digest = `printf 'sha256:'; printf '%s' "$image$(cat "$0.salt" 2>/dev/null)" | sha256sum | cut -c1-64`

describe('deploy/pin-images.sh', () => {
  it('puts the digest behind the tag of every image but ours, and nothing else', () => {
    const { run, read } = pin('once', digest)
    const before = read()
    const { status, stdout } = run()
    assert.equal(status, 0)
    const pinned = [...read().matchAll(/([a-z/-]+:[\w.-]+)@sha256:[0-9a-f]{64}(?=\s)/g)].map(([, image]) => image)
    assert.deepEqual([...new Set(pinned)].sort(), [
      'node:24-bookworm-slim',
      'postgres:18',
      'temporalio/admin-tools:1.32.0',
      'temporalio/server:1.32.0',
      'temporalio/ui:2.53.3',
    ])
    assert.equal(pinned.filter((image) => image?.startsWith('node')).length, 2)
    assert.equal(read().replaceAll(/@sha256:[0-9a-f]{64}/g, ''), before.replaceAll(/@sha256:[0-9a-f]{64}/g, ''))
    assert.equal(stdout.trim().split('\n').length, 5)
  })

  it('renews what it wrote before', () => {
    const { run, read } = pin('twice', digest)
    assert.equal(run().status, 0)
    const first = read()
    writeFileSync(join(temporary.path, 'twice', 'bin', 'docker.salt'), 'a later day')
    assert.equal(run().status, 0)
    assert.notEqual(read(), first)
    assert.equal(read().length, first.length)
  })

  it('leaves the files as they are when one registry does not answer, or says no digest', () => {
    for (const [name, answers] of [
      ['away', `case $image in temporalio/ui:*) exit 1;; esac; ${digest}`],
      ['odd', `case $image in postgres:*) echo latest; exit;; esac; ${digest}`],
    ] as const) {
      const { run, read } = pin(name, answers)
      const before = read()
      assert.notEqual(run().status, 0)
      assert.equal(read(), before)
    }
  })
})
