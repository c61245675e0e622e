import assert from 'node:assert/strict'
import { pagesOf } from '../../conformance/pages-of-a-roster.ts'
import { RosterPackage } from '../../fixtures/roster-package.ts'
import { useImportRig, type ImportRig } from '../import-rig.ts'
import { configure } from './configure.ts'
import { bring, bringPages } from './rule-run.ts'

const rig = useImportRig()
const pages = useImportRig({
  connector: 'oneroster-rest',
  settings: { baseUrl: 'https://or.example.org', version: '1.2', auth: { kind: 'bearer', token: 'x' } },
})

const codes = {
  gradeLevel: { 'Grade 9': '09', '9': '09' },
  sex: { F: 'female', Male: 'male' },
  ethnicity: { Y: 'hispanicOrLatino', N: '' },
}

/** In the words of its own system. */
function ownWords(version: '1.1' | '1.2' = '1.1'): RosterPackage {
  const roster = new RosterPackage(version)
    .set('users', 0, 'grades', 'Grade 9')
    .set('users', 1, 'grades', '9')
    .set('demographics', 0, 'sex', 'F')
    .set('demographics', 1, 'sex', 'Male')
  for (const row of [0, 1]) roster.set('demographics', row, 'hispanicOrLatinoEthnicity', row === 0 ? 'Y' : 'N')
  return roster
}

const read = (of: ImportRig) =>
  of.ask(
    `select grade_level as grade, class_year as year, sex, ethnicity from students where status = 'active' order by source_key`,
  )

const mapped = [
  { grade: '09', year: 2030, sex: 'female', ethnicity: 'hispanicOrLatino' },
  { grade: '09', year: 2030, sex: 'male', ethnicity: null },
]

describe("the source's own words", () => {
  it('reach the mapping, and no rule on the words of the standard finds anything in them', async () => {
    const reset = await configure(rig, { mapping: (mapping) => ({ ...mapping, codes }) })
    const { told } = await bring(rig, ownWords())
    assert.deepEqual(
      told.filter((one) => /^(F-06|F-07|F-12|I-05)/.test(one)),
      [],
    )
    assert.deepEqual(await read(rig), mapped)
    await reset()
  })

  it('are refused, or told of, where the mapping does not know them', async () => {
    await rig.clear()
    const { told } = await bring(rig, ownWords())
    for (const one of ['F-06 error', 'F-07 error', 'F-12 warning']) assert.ok(told.includes(one), JSON.stringify(told))
  })

  it('reach it from an API too', async () => {
    await configure(pages, { mapping: (mapping) => ({ ...mapping, codes }) })
    const { told } = await bringPages(pages, pagesOf(ownWords('1.2')))
    assert.deepEqual(
      told.filter((one) => /^(F-06|F-07|F-12|I-05)/.test(one)),
      [],
    )
    assert.deepEqual(await read(pages), mapped)
  })

  it('decide nothing about what a record is', async () => {
    await rig.clear()
    await configure(rig, {
      mapping: (mapping) => ({
        ...mapping,
        customFields: {},
        fields: { ...mapping.fields, homeroom: { from: 'users.role' } },
        codes: { homeroom: { Pupil: 'x' } },
      }),
    })
    const { told } = await bring(rig, new RosterPackage().set('users', 0, 'role', 'Pupil'))
    assert.ok(told.includes('F-07 error'))
  })
})
