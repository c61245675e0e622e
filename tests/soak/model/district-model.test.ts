import assert from 'node:assert/strict'
import { Chance } from '../chance.ts'
import { inventPerson } from '../story/invent-person.ts'
import { DistrictModel } from './district-model.ts'
import { expectHold } from './expect-hold.ts'
import { InputModes } from './input-modes.ts'
import { findAsked, planImport } from './plan-import.ts'
import type { SourcePackage, SourceRow } from './source-row.ts'

const chance = new Chance(1, 1)
const rows = Array.from({ length: 60 }, (_, at): SourceRow => ({ person: inventPerson(chance, at + 1, 3) }))
const bulk = (some: readonly SourceRow[]): SourcePackage => ({
  ...{ mode: 'bulk', rows: some, hasDemographics: true, isUsable: true },
})
const delta = (some: readonly SourceRow[]): SourcePackage => ({ ...bulk(some), mode: 'delta' })
const withPhone = ({ person, ...rest }: SourceRow, phone: string): SourceRow => ({
  ...rest,
  person: { ...person, phone },
})

const first = rows[0]!
const others = rows.slice(1)
const again: SourceRow = {
  person: { ...first.person, sourcedId: 'another', identifier: 'another' },
  resembles: first.person.identifier,
}

let model: DistrictModel
const plan = (source: SourcePackage) => planImport(model.students, source, findAsked(model.students, source))
const holdOf = (source: SourcePackage) => expectHold(model.students, plan(source), 'notAsked')
const held = (identifier: string) => [...model.students.values()].find(({ values }) => values['sisId'] === identifier)!
const valueOf = (field: string) => held(first.person.identifier).values[field]

describe('the model of a district', () => {
  beforeEach(() => {
    model = new DistrictModel()
    model.apply('first', plan(bulk(rows)))
  })

  it('removes whom a complete package does not have, and nobody by a delta, a broken row or no package', () => {
    assert.deepEqual(plan(bulk(others)).deactivations, [held(first.person.identifier).key])
    assert.deepEqual(plan(delta(others)).deactivations, [])
    assert.deepEqual(plan(bulk([...others, { ...first, isBroken: true }])).deactivations, [])
    assert.deepEqual(plan({ ...bulk([]), isUsable: false }).deactivations, [])
    assert.equal(plan(delta([{ ...first, isWithdrawn: true }])).deactivations.length, 1)
  })

  it('leaves a value alone for which the package has a blank', () => {
    assert.deepEqual(plan(bulk([withPhone(first, ''), ...others])).updates, [])
    assert.deepEqual(plan(bulk([withPhone(first, '+1'), ...others])).updates, [
      { key: held(first.person.identifier).key, changes: { phone: '+1' } },
    ])
  })

  it('asks about somebody under new ids, and lets nobody go meanwhile', () => {
    const source = bulk([again, ...others])
    assert.deepEqual([...findAsked(model.students, source)], ['another'])
    assert.deepEqual(plan(source), { ...plan(bulk(rows)), keptWhileAsked: [held(first.person.identifier).key] })
  })

  it('expects a hold when many would go, change or are spoiled', () => {
    assert.equal(holdOf(bulk(rows.slice(0, 58))), 'none')
    assert.equal(holdOf(bulk(rows.slice(0, 30))), 'deactivations')
    assert.equal(holdOf(bulk(rows.map((row) => withPhone(row, '+1')))), 'all')
    assert.equal(holdOf(bulk(rows.map((row, at) => ({ ...row, isBroken: at % 3 === 0 })))), 'all')
    assert.equal(holdOf(bulk(rows.slice(0, 54))), 'either')
    assert.equal(expectHold(model.students, plan(bulk(others)), 'asked'), 'deactivations')
  })

  it('takes a run back field by field, and leaves what somebody edited since', () => {
    const before = [valueOf('phone'), valueOf('grade')]
    const { person } = withPhone(first, '+1')
    model.apply('second', plan(bulk([{ person: { ...person, email: 'new@soak.example' } }, ...others])))
    model.edit(held(first.person.identifier).key, 'email', 'edited@soak.example')
    model.undo('second', 'undo')
    assert.deepEqual([valueOf('phone'), valueOf('grade')], before)
    assert.equal(valueOf('email'), 'edited@soak.example')
    model.undo('undo', 'redo')
    assert.equal(valueOf('phone'), '+1')
  })

  it('makes inactive whom a run created, and knows which runs stand', () => {
    model.apply('second', plan(bulk(others)))
    assert.deepEqual(model.standing, ['first', 'second'])
    model.undo('second', 'undo')
    assert.deepEqual(model.standing, ['first'])
    model.undo('first', 'undo of first')
    assert.ok([...model.students.values()].every(({ values }) => values['status'] === 'inactive'))
    model.undo('undo of first', 'redo')
    assert.deepEqual(model.standing, ['redo'])
    assert.equal(valueOf('status'), 'active')
  })

  it('asks about the first complete package after deltas once', () => {
    const modes = new InputModes()
    modes.apply('a', 'bulk')
    assert.equal(modes.ask('bulk'), 'notAsked')
    modes.apply('b', 'delta')
    assert.equal(modes.ask('bulk'), 'asked')
    modes.apply('c', 'bulk')
    assert.equal(modes.ask('bulk'), 'notAsked')
    modes.takeBack('c')
    assert.equal(modes.ask('bulk'), 'asked')
  })
})
