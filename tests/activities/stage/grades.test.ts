import assert from 'node:assert/strict'
import { sql } from 'kysely'
import { withDistrict } from '../../../db/database.ts'
import { useImportRig } from '../import-rig.ts'

const rig = useImportRig()

async function importGrades(grades: readonly string[]) {
  const pupils = grades.map((grade, at) => ({ id: `src-${at}`, grade }))
  const run = await rig.giveRun(await rig.givePupils({ pupils }))
  await rig.importAll(run)
  return rig.readRun(run)
}

async function readYears() {
  const { rows } = await withDistrict(rig.db, rig.districtId, (trx) =>
    sql<{ gradeLevel: string | null; classYear: number | null }>`
      select grade_level, class_year from students order by source_key`.execute(trx),
  )
  return rows.map(({ gradeLevel, classYear }) => [gradeLevel, classYear])
}

describe('grades', () => {
  it('of one digit are read with their zero, and say when their students graduate', async () => {
    const run = await importGrades(['5', '12', 'KG', 'TK', 'PK', '13', 'Grade 5', '05'])
    assert.deepEqual(await readYears(), [
      ['05', 2034],
      ['12', 2027],
      ['KG', 2039],
      ['TK', 2040],
      ['PK', null],
      ['13', null],
      ['Grade 5', null],
      ['05', 2034],
    ])
    assert.deepEqual(run.findingsByRule['F-12'], { severity: 'warning', count: 2 })
  })

  it('are the same with their zero and without', async () => {
    const { counts } = await importGrades(['05', '12', 'KG', 'TK', 'PK', '13', 'Grade 5', '5'])
    assert.deepEqual([counts.unchanged, counts.updated], [8, 0])
  })
})
