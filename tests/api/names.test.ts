import assert from 'node:assert/strict'
import JSZip from 'jszip'
import type { RunDocument } from '../../api/contract/run.ts'
import { withDistrict } from '../../db/database.ts'
import { insertFindings } from '../../db/import/findings.ts'
import { namesOfManyScripts } from '../fixtures/names.ts'
import { readAnswer, useApiRig, type TestDistrict } from './api-rig.ts'
import { plantStudents, recordId } from './plant-records.ts'

const rig = useApiRig()
const names = namesOfManyScripts.join(' ')
const formula = '=HYPERLINK(A1)'

/** A run with a finding and a change for each of two texts, and records that have them. */
async function plant(district: TestDistrict, token: string, firstRecord: number): Promise<string> {
  const path = `/api/districts/${district.slug}/imports?dataType=students`
  const { runId } = await readAnswer<RunDocument>(await rig().send(token, 'POST', path, { body: 'x' }), 202)
  const texts = [names, formula]
  const students = texts.map((familyName, at) => ({ id: recordId(firstRecord + at), sisId: `S-${at}`, familyName }))
  const schoolId = await plantStudents(rig(), district, students)
  await withDistrict(rig().db, district.id, async (trx) => {
    const none = { districtId: district.id, runId, planNo: 0, revision: null, reason: null, schoolId }
    const rows = students.map(({ id, familyName }, at) => ({
      ...{ ...none, seq: at + 1, action: 'update' as const, recordId: id },
      changes: JSON.stringify({ familyName: ['Quist', familyName] }),
    }))
    await trx.insertInto('planRows').values(rows).execute()
    const findings = texts.map((text, at) => ({
      ...{ rule: 'Z-09', severity: 'warning' as const, file: text, line: at + 2, sourcedId: text, message: 'x' },
    }))
    await insertFindings(trx, { districtId: district.id, runId, step: 'stage', findings, firstSeq: 1 })
  })
  return runId
}

describe('files that leave the product', () => {
  it('keep names of every script, and CSV for people defuses formulas, unless it is asked for raw', async () => {
    const token = await rig().makeToken()
    const district = await rig().makeDistrict()
    const runId = await plant(district, token, 2000)
    const read = async (path: string) => (await rig().send(token, 'GET', path)).text()
    const zip = await JSZip.loadAsync(await (await rig().send(token, 'GET', `/api/runs/${runId}/export`)).arrayBuffer())
    const defused = {
      findings: await read(`/api/runs/${runId}/findings?format=csv`),
      plan: await read(`/api/runs/${runId}/plan?format=csv`),
      'findings.csv': (await zip.file('findings.csv')?.async('string')) ?? '',
      'changes.csv': (await zip.file('changes.csv')?.async('string')) ?? '',
    }
    for (const [name, text] of Object.entries(defused)) {
      assert.ok(text.includes(names), name)
      assert.ok(text.includes(`,'${formula}`) && !text.includes(`,${formula}`), name)
    }
    const raw = {
      findings: await read(`/api/runs/${runId}/findings?format=csv&raw=true`),
      plan: await read(`/api/runs/${runId}/plan?format=csv&raw=true`),
      records: await read(`/api/districts/${district.slug}/records/students?format=csv`),
    }
    for (const [name, text] of Object.entries(raw)) {
      assert.ok(text.includes(names) && text.includes(`,${formula}`), name)
    }
    for (const path of [`/api/runs/${runId}/plan`, `/api/districts/${district.slug}/records/students`]) {
      assert.ok((await read(path)).includes(names), path)
    }
  })
})
