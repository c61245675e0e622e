import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { composeMail } from '../../platform/compose-mail.ts'
import { showJson, showText } from '../../platform/visible-text.ts'
import { actingCharacter, actingCharacters, decodeHeader, decodeParts, namesOfManyScripts } from '../fixtures/names.ts'

const evil = `Lincoln ${actingCharacters.join('x')} County`

describe('text that is shown', () => {
  it('has nothing that acts on what shows it, and every name as it is', () => {
    for (const character of actingCharacters) assert.doesNotMatch(showText(`a${character}b`), actingCharacter)
    for (const name of namesOfManyScripts) assert.equal(showText(`${name}\n\t\u200f.`), `${name}\n\t\u200f.`)
  })

  it('is the same document when it is JSON', () => {
    const json = showJson(JSON.stringify({ evil, namesOfManyScripts }))
    assert.doesNotMatch(json, actingCharacter)
    assert.deepEqual(JSON.parse(json), { evil, namesOfManyScripts })
  })
})

describe('a log line', () => {
  it('acts on no terminal, whatever it quotes, and loses nothing', () => {
    const logModule = fileURLToPath(new URL('../../platform/log.ts', import.meta.url))
    const program = `import { createLog } from ${JSON.stringify(logModule)}
      const evil = ${JSON.stringify(evil)}
      createLog({ process: 'test' }).info({ evil, err: new Error(evil) }, evil)`
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' })
    assert.doesNotMatch(run.stdout, actingCharacter)
    const line = JSON.parse(run.stdout) as { evil: string; msg: string } // as it was logged
    assert.deepEqual([line.evil, line.msg], [evil, evil])
  })
})

describe('a mail', () => {
  const compose = async (name: string) =>
    (
      await composeMail({
        ...{ messageId: '<1@x.example>', from: 'a@x.example', to: 'b@x.example', date: new Date(0) },
        ...{ subject: `${name}, students: Held for Review`, text: `District  ${name}\n`, html: `<p>${name}</p>` },
      })
    ).toString()

  it('has nothing that acts where it is read', async () => {
    const content = await compose(evil)
    for (const text of [content.replaceAll('\r\n', '\n'), decodeHeader(content, 'Subject'), ...decodeParts(content)]) {
      assert.doesNotMatch(text.replaceAll('\r\n', '\n'), actingCharacter)
    }
    assert.match(decodeHeader(content, 'Subject'), /Lincoln .*County, students/)
  })

  for (const name of [...namesOfManyScripts, namesOfManyScripts.join(' ')]) {
    it(`keeps a name in subject and both parts: ${name}`, async () => {
      const content = await compose(name)
      assert.equal(decodeHeader(content, 'Subject'), `${name}, students: Held for Review`)
      const [text, html] = decodeParts(content)
      assert.ok(text?.includes(name) && html?.includes(name))
      for (const line of content.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 998)
    })
  }
})
