import assert from 'node:assert/strict'
import { listMutants } from './code-mutants.ts'
import { describeMutant, plant, sampleMutants } from './mutant.ts'

const mutate = (source: string, withSql = false) =>
  listMutants(source, withSql)
    .map((mutant) => plant(source, mutant))
    .sort()

describe('the faults of a piece of code', () => {
  it('drop each part of a condition, and never or always take the branch', () => {
    assert.deepEqual(mutate('if (isHeld && isNew) return'), [
      'if (false) return',
      'if (isHeld) return',
      'if (isNew) return',
    ])
    assert.deepEqual(mutate('if (isHeld) return'), ['if (false) return', 'if (true) return'])
    assert.deepEqual(mutate('const a = b ? c : d'), ['const a = false ? c : d', 'const a = true ? c : d'])
  })

  it('turn round what no condition holds, move bounds and count one more or less', () => {
    assert.deepEqual(mutate('const isLast = at === size'), ['const isLast = at !== size'])
    assert.deepEqual(mutate('const isNone = !isSome'), ['const isNone = isSome'])
    assert.deepEqual(mutate('const isMany = count >= 2'), [
      'const isMany = count > 2',
      'const isMany = count >= 1',
      'const isMany = count >= 3',
    ])
  })

  it('leave a call out', () => {
    assert.deepEqual(mutate('target.drop(line)'), [';'])
    assert.deepEqual(mutate('const kept = all.filter(isKept)'), ['const kept = all'])
  })

  it('touch no type, no import, no words for people and no “cannot be”', () => {
    const silent = [
      `import { a } from './a-1.ts'`,
      `type A = { readonly kind: 1 | 2 }`,
      `const finding = { rule: 'I-01', message: 'not one and the other' }`,
      `if (a === undefined) throw new Error('there is always one')`,
    ]
    for (const source of silent) assert.deepEqual(mutate(source, true), [], source)
  })
})

describe('the faults of a piece of SQL', () => {
  const begin = 'const built = `'
  const mutateSql = (sql: string) =>
    mutate(`${begin}${sql}\``, true).map((text) => text.slice(begin.length, -1).replaceAll(/\s+/g, ' '))

  it('drop each part of a condition, in brackets and joins too', () => {
    assert.deepEqual(
      mutateSql('where a = ${one} and (b is null or c <> d)'),
      [
        'where (b is null or c <> d)',
        'where a = ${one} ',
        'where a = ${one} and ( c <> d)',
        'where a = ${one} and (b is null )',
      ].sort(),
    )
    assert.deepEqual(mutateSql('left join t on t.id = s.id and t.a between 1 and 2'), [
      'join t on t.id = s.id and t.a between 1 and 2',
      'left join t on t.a between 1 and 2',
      'left join t on t.id = s.id ',
    ])
  })

  it('keep the district, which row-level security keeps too', () => {
    assert.deepEqual(mutateSql('where t.district_id = ${one} and a = ${two}'), ['where t.district_id = ${one} '])
    assert.deepEqual(mutateSql('where a = ${two} and t.district_id = ${one}'), ['where t.district_id = ${one}'])
  })

  it('turn a sole condition round or decide it, and never take a branch', () => {
    assert.deepEqual(mutateSql('where not exists (select from t)'), ['where exists (select from t)', 'where true'])
    assert.deepEqual(mutateSql(`case when a is distinct from b then 1 end`), [
      'case when a is not distinct from b then 1 end',
      'case when false then 1 end',
    ])
  })

  it('take each arm of a coalesce, and another order', () => {
    assert.deepEqual(mutateSql('select coalesce(a, max(b)) from t order by c desc'), [
      'select (a) from t order by c desc',
      'select (max(b)) from t order by c desc',
      'select coalesce(a, max(b)) from t order by c ',
      'select coalesce(a, min(b)) from t order by c desc',
    ])
    assert.deepEqual(mutateSql('select from t order by c limit 1'), ['select from t order by c desc limit 1'])
  })

  it('give no value another name, and read no comment', () => {
    assert.deepEqual(mutateSql(`update t set a = b, c = 'x and y' -- where d is null`), [])
    assert.deepEqual(mutateSql('a = ${b}, c = case when ${isNew(a === b)} then d end'), [
      'a = ${b}, c = case when ${isNew(a !== b)} then d end',
      'a = ${b}, c = case when false then d end',
    ])
  })

  it('are not looked for where the strings are no SQL', () => {
    assert.deepEqual(mutate('const name = `where a = b`'), [])
  })
})

describe('a mutant', () => {
  it('is told by its line, as it was and as it is', () => {
    const source = 'const a = 1\nif (\n  isHeld\n) return\n'
    const told = listMutants(source, false).map((mutant) => describeMutant(source, mutant))
    assert.deepEqual(told[0], { line: 1, before: 'const a = 1', after: 'const a = 2' })
    assert.deepEqual(told.at(-1), { line: 3, before: 'isHeld', after: 'false' })
  })

  it('is drawn again by the same seed', () => {
    const mutants = listMutants('const a = [1, 2, 3, 4, 5, 6, 7, 8, 9]', false)
    const drawn = sampleMutants(mutants, 5, 7)
    assert.equal(drawn.length, 5)
    assert.deepEqual(sampleMutants(mutants, 5, 7), drawn)
    assert.notDeepEqual(sampleMutants(mutants, 5, 8), drawn)
  })
})
