import assert from 'node:assert/strict'
import {
  hasRight,
  isKnownTo,
  listBoundSchools,
  mayViewValues,
  requireRight,
  type Caller,
  type Grant,
} from '../../../api/access/grants.ts'
import type { Right } from '../../../api/contract/rights.ts'
import { guardians } from '../../../domain/data-types/guardians.ts'
import { students } from '../../../domain/data-types/students.ts'

const [here, there] = ['here', 'there']

const grant = (rights: Right[], districtId: string | null, schoolIds: string[] | null = null): Grant => {
  return { rights: new Set(rights), districtId, schoolIds }
}
const callerOf = (...grants: Grant[]): Caller => ({ id: null, name: 'somebody', grants })

describe('what somebody holds', () => {
  it('is held in the district it was given for', () => {
    const caller = callerOf(grant(['view', 'run'], here), grant(['view'], there))
    assert.deepEqual([hasRight(caller, 'run', here), hasRight(caller, 'run', there)], [true, false])
    assert.equal(hasRight(caller, 'view', null), false)
    assert.deepEqual([isKnownTo(caller, there), isKnownTo(caller, 'elsewhere')], [true, false])
  })

  it('is held everywhere when it was given for all districts', () => {
    const caller = callerOf(grant(['configure'], null))
    assert.deepEqual([hasRight(caller, 'configure', here), hasRight(caller, 'configure', null)], [true, true])
  })

  it('reaches no further than the schools it is bound to', () => {
    const caller = callerOf(grant(['view', 'run'], here, ['a']))
    assert.deepEqual([hasRight(caller, 'view', here), hasRight(caller, 'view', here, 'schools')], [false, true])
    assert.throws(() => requireRight(caller, 'run', here), /bound to schools/)
  })
})

describe('rows and values', () => {
  it('are of all schools as soon as one grant is', () => {
    const caller = callerOf(grant(['view'], here), grant(['view', 'viewValues'], here, ['a']))
    assert.equal(listBoundSchools(caller, here, students), null)
    assert.equal(mayViewValues(caller, here), false)
  })

  it('are of the schools of all grants together, and show values where each of them does', () => {
    const both = callerOf(grant(['view', 'viewValues'], here, ['a']), grant(['view', 'viewValues'], here, ['b', 'a']))
    assert.deepEqual(listBoundSchools(both, here, students), ['a', 'b'])
    assert.equal(mayViewValues(both, here), true)
    const one = callerOf(grant(['view', 'viewValues'], here, ['a']), grant(['view'], here, ['b']))
    assert.equal(mayViewValues(one, here), false)
    assert.equal(mayViewValues(callerOf(grant(['viewValues'], here)), here), false)
  })

  it('are not shown of what belongs to no school', () => {
    assert.throws(
      () => listBoundSchools(callerOf(grant(['view'], here, ['a'])), here, guardians),
      /belong to no school/,
    )
    assert.equal(listBoundSchools(callerOf(grant(['view'], here)), here, guardians), null)
  })
})
