import assert from 'node:assert/strict'
import { withDistrict } from '../../../db/database.ts'
import { listRefusedInputs } from '../../../db/connect/list-refused-inputs.ts'
import type { MappingDocument } from '../../../domain/mapping/mapping-document.ts'
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
const remap = (change: (mapping: MappingDocument) => MappingDocument, dataType = 'students', of: ImportRig = rig) =>
  configure(of, { mapping: change, dataType })
const lunch = (mapping: MappingDocument) => ({ ...mapping, customFields: { lunch: 'users.metadata.lunch' } })
const withLunch = () => new RosterPackage().addColumn('users', 'metadata.lunch', 'free')

beforeEach(async () => {
  await Promise.all([rig.clear(), pages.clear()])
})

describe('a column that somebody mapped (I-23)', () => {
  it('ends the run before anything is touched when the file has it no more, and the connection says so', async () => {
    const reset = await remap(lunch)
    assert.equal((await bring(rig, withLunch())).refusal, undefined)
    const before = await rig.readTables()
    const { refusal, told } = await bring(rig, new RosterPackage().set('users', 0, 'givenName', 'Other'))
    assert.match(refusal ?? '', /users\.csv has no column metadata\.lunch, which is mapped to lunch\.$/)
    assert.ok(told.includes('I-23 block'))
    assert.deepEqual((await rig.readTables())['students'], before['students'])
    const [{ connectionId } = { connectionId: '' }] = (await rig.ask(
      'select id as "connectionId" from connections',
    )) as { connectionId: string }[]
    const refused = () =>
      withDistrict(rig.db, rig.districtId, (trx) =>
        listRefusedInputs(trx, { districtId: rig.districtId, connectionId }),
      )
    assert.deepEqual(
      (await refused()).map(({ dataType, reason }) => [dataType, reason]),
      [['students', refusal]],
    )
    await bring(rig, withLunch().set('users', 0, 'givenName', 'Other'))
    assert.deepEqual(await refused(), [])
    await reset()
  })

  it('is looked for in a file of its own, which a full package has to bring and a delta has not', async () => {
    const reset = await remap((mapping) => ({ ...mapping, customFields: { bus: 'demographics.metadata.bus' } }))
    const full = new RosterPackage().addColumn('demographics', 'metadata.bus', '7')
    assert.equal((await bring(rig, full)).refusal, undefined)
    const delta = new RosterPackage('1.1', 'delta').leaveOut('demographics')
    assert.equal((await bring(rig, delta)).refusal, undefined)
    const { refusal } = await bring(rig, new RosterPackage().leaveOut('demographics'))
    assert.match(refusal ?? '', /demographics\.csv has no column metadata\.bus/)
    await reset()
  })

  it('may be one of the standard, that the other version has', async () => {
    const reset = await remap((mapping) => ({
      ...mapping,
      fields: { ...mapping.fields, preferredName: { from: 'users.preferredGivenName' } },
    }))
    assert.equal((await bring(rig, new RosterPackage('1.2'))).refusal, undefined)
    assert.match((await bring(rig, new RosterPackage('1.1'))).refusal ?? '', /no column preferredGivenName/)
    await reset()
  })

  it('is none that the connector makes of others', async () => {
    const reset = await remap((mapping) => ({
      ...mapping,
      customFields: { home: 'users.school', id: 'users.federatedId' },
    }))
    assert.equal((await bring(rig, new RosterPackage())).refusal, undefined)
    await reset()
  })

  it('is never there where records are put together of several rows', async () => {
    const reset = await remap((mapping) => ({ ...mapping, customFields: { x: 'offers.metadata.x' } }), 'courseMapping')
    assert.match((await bring(rig, new RosterPackage(), 'courseMapping')).refusal ?? '', /no column metadata\.x/)
    await reset()
  })

  it('is missing at an API where no object has it', async () => {
    const reset = await remap(lunch, 'students', pages)
    const given = () => new RosterPackage('1.2')
    assert.match((await bringPages(pages, pagesOf(given()))).refusal ?? '', /users has no column metadata\.lunch/)
    assert.equal(
      (await bringPages(pages, pagesOf(given().addColumn('users', 'metadata.lunch', 'free')))).refusal,
      undefined,
    )
    await reset()
  })
})

describe('a column that only the shipped mapping names', () => {
  it('is blank where the file does not have it', async () => {
    const { refusal, told } = await bring(rig, new RosterPackage().dropColumn('users', 'middleName'))
    assert.deepEqual([refusal, told.includes('H-02 warning')], [undefined, true])
  })
})
