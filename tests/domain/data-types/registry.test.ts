import assert from 'node:assert/strict'
import { codeSets } from '../../../domain/code-sets/registry.ts'
import { dataTypes, getDataType, prerequisitesOf, sortByReferences } from '../../../domain/data-types/registry.ts'

describe('the data types', () => {
  it('are sorted so that each comes after what it needs, however they are given', () => {
    const names = dataTypes.map(({ name }) => name)
    const sorted = sortByReferences(names.toReversed())
    assert.deepEqual([...sorted].sort(), [...names].sort())
    for (const [at, name] of sorted.entries()) {
      for (const needed of prerequisitesOf(getDataType(name)))
        assert.ok(sorted.indexOf(needed) < at, `${needed} ${name}`)
    }
    assert.ok(names.some((name) => prerequisitesOf(getDataType(name)).length > 0))
  })

  it('are sorted among those alone that are given', () => {
    assert.deepEqual(sortByReferences(['enrollments']), ['enrollments'])
  })

  it('use every code set that there is', () => {
    const used = dataTypes.flatMap(({ fields }) => Object.values(fields).flatMap(({ codeSet }) => codeSet ?? []))
    assert.deepEqual([...new Set(used)].sort(), Object.keys(codeSets).sort())
  })
})
