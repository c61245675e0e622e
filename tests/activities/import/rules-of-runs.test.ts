import assert from 'node:assert/strict'
import { plainConnector } from '../../fixtures/plain-connector.ts'
import { useImportRig } from '../import-rig.ts'
import { runCases } from './rules-of-runs.ts'

const packages = useImportRig()
const pages = useImportRig({
  connector: 'oneroster-rest',
  settings: { baseUrl: 'https://or.example.org', version: '1.2', auth: { kind: 'bearer', token: 'x' } },
})
const rows = useImportRig({ connector: 'plain', connectors: [plainConnector] })

beforeEach(() => Promise.all([packages.clear(), pages.clear(), rows.clear()]))

// That every rule has a case is asked where the registry is tested.
describe('a rule that needs what is held', () => {
  for (const { rule, tells, holds, refuses, happen, from } of runCases) {
    const how = tells ?? (holds === undefined ? 'refused' : `held by ${holds}`)
    it(`${rule} is ${how}`, async () => {
      const { told, limits, refusal } = await happen(from === 'pages' ? pages : from === 'rows' ? rows : packages)
      if (tells !== undefined) assert.ok(told.includes(`${rule} ${tells}`), JSON.stringify(told))
      if (holds !== undefined) assert.ok(limits.includes(holds), JSON.stringify(limits))
      if (refuses !== undefined) assert.match(refusal ?? 'nothing is refused', refuses)
    })
  }
})
