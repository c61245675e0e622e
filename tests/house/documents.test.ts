import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { settings } from '../../config.ts'
import { describeType, type FieldDefinition } from '../../domain/data-types/define-data-type.ts'
import { dataTypes } from '../../domain/data-types/registry.ts'
import { eventKinds } from '../../domain/events/event-kinds.ts'
import { runMoves, runStates, runStatusText } from '../../domain/import-run.ts'
import { parseMarkdownTables } from './markdown-tables.ts'

const root = join(import.meta.dirname, '..', '..')
const readPage = async (path: string) => parseMarkdownTables(await readFile(join(root, path), 'utf8'))

describe('docs/import-run-states.md', () => {
  it('lists the states of domain/import-run.ts with their words and moves, and no others', async () => {
    const [table] = await readPage('docs/import-run-states.md')
    const inPage = table?.rows.map((row) => ({
      state: row['State'],
      shownAs: row['Shown as'],
      mayBecome: row['May become'] === '–' ? [] : row['May become']?.split(', ').sort(),
    }))
    const inCode = runStates.map((state) => ({
      state,
      shownAs: runStatusText[state],
      mayBecome: [...runMoves[state]].sort(),
    }))
    assert.deepEqual(inPage, inCode)
  })
})

describe('docs/reference/data-types.md', () => {
  const describeField = ([field, definition]: [string, FieldDefinition]) => ({
    field,
    type: describeType(definition),
    presence: definition.presence ?? '',
    codeSet: definition.codeSet ?? '',
  })

  it('has one section for each data type of the registry, in its order', async () => {
    const tables = await readPage('docs/reference/data-types.md')
    assert.deepEqual(
      tables.map((table) => table.heading),
      dataTypes.map((dataType) => dataType.name),
    )
  })

  for (const dataType of dataTypes) {
    it(`lists the fields of ${dataType.name} as the registry has them, in order`, async () => {
      const tables = await readPage('docs/reference/data-types.md')
      const inPage = tables
        .find((table) => table.heading === dataType.name)
        ?.rows.map((row) => ({
          field: row['Field'],
          type: row['Type'],
          presence: row['Presence'],
          codeSet: row['Code set'],
        }))
      assert.deepEqual(inPage, Object.entries(dataType.fields).map(describeField))
    })

    it(`names table, match keys and school field of ${dataType.name}`, async () => {
      const page = await readFile(join(root, 'docs/reference/data-types.md'), 'utf8')
      for (const word of [dataType.table, ...dataType.matchKeys, dataType.schoolField ?? dataType.table]) {
        assert.ok(page.includes(`\`${word}\``), `${word} is not named`)
      }
    })
  }
})

describe('docs/reference/events.md', () => {
  it('lists the kinds of domain/events/event-kinds.ts with their words and who is mailed, in order', async () => {
    const [table] = await readPage('docs/reference/events.md')
    const inPage = table?.rows.map((row) => ({ kind: row['Kind'], shownAs: row['Shown as'], mail: row['Mail'] }))
    const inCode = Object.entries(eventKinds).map(([kind, { title, mail }]) => ({ kind, shownAs: title, mail }))
    assert.deepEqual(inPage, inCode)
  })
})

describe('docs/reference/settings.md', () => {
  it('lists the settings of config.ts with their defaults, and no others', async () => {
    const [table] = await readPage('docs/reference/settings.md')
    const inPage = table?.rows.map((row) => ({ name: row['Variable'], default: row['Default'] }))
    const inCode = Object.entries(settings).map(([name, schema]) => {
      const unset = schema.safeParse(undefined)
      return {
        name,
        default: unset.success ? `${(unset.data as string | number | boolean | undefined) ?? '–'}` : 'required',
      }
    })
    assert.deepEqual(inPage, inCode)
  })
})
