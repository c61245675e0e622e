import { deriveRoleBit, isBlankCell } from '../../index/codes.ts'
import { PairKey } from '../../index/pair-key.ts'
import { checkResourceRole, checkResourceUser, resourceOrg } from '../../rules/meaning/resources.ts'
import type { RowView } from '../../../kit/csv/row-view.ts'
import type { Problem } from '../../../../domain/import-rules/rule.ts'
import type { FileCheck, FileRows } from '../file-rows.ts'
import { buildFileCheck, buildReferences } from '../plain-file.ts'

const comma = 0x2c
const space = 0x20

/** resources.csv: for which roles each is meant. */
export function createResourcesCheck(rows: FileRows): FileCheck {
  const rolesCell = rows.cell('roles')
  return buildFileCheck(rows, buildReferences(rows).values(), (row, isUsable) => {
    if (isUsable) rows.context.resourceRoles.set(rows.ordinal, readRoleBits(row, rolesCell))
    return true
  })
}

function readRoleBits(row: RowView, cell: number): number {
  if (isBlankCell(row, cell)) return 0
  const { bytes } = row
  const end = row.ends[cell] as number
  let roles = 0
  for (let from = row.starts[cell] as number; from < end;) {
    let to = from
    while (to < end && (bytes[to] as number) !== comma) to++
    let last = to
    while (from < last && (bytes[from] as number) <= space) from++
    while (last > from && (bytes[last - 1] as number) <= space) last--
    roles |= deriveRoleBit(bytes, from, last)
    from = to + 1
  }
  return roles
}

/** userResources.csv (1.2): S-23 beside its references. */
export function createUserResourcesCheck(rows: FileRows): FileCheck {
  const { context } = rows
  const references = buildReferences(rows)
  const userReference = references.get('userSourcedId')
  const orgReference = references.get('orgSourcedId')
  const classReference = references.get('classSourcedId')
  const resourceReference = references.get('resourceSourcedId')
  const key = new PairKey()

  return buildFileCheck(rows, references.values(), (row) => {
    let isKept = true
    const tell = (problem: Problem | undefined, column: string) => {
      if (problem !== undefined && rows.report(resourceOrg, problem, row, column)) isKept = false
    }
    const user = userReference?.ordinal ?? -1
    const org = orgReference?.ordinal ?? -1
    const rosterClass = classReference?.ordinal ?? -1
    const resource = resourceReference?.ordinal ?? -1
    if (rosterClass >= 0 && org >= 0) {
      const schoolOfClass = context.classSchools.get(rosterClass)
      tell(resourceOrg.check(schoolOfClass < 0 || schoolOfClass === org), 'orgSourcedId')
    }
    const enrollments = context.knownEnrollments()
    if (rosterClass >= 0 && user >= 0 && enrollments !== undefined) {
      const isStudent = enrollments.has(key.of(rosterClass, user, 1).hi, key.lo)
      const isEnrolled = isStudent || enrollments.has(key.of(rosterClass, user, 0).hi, key.lo)
      tell(checkResourceUser(isEnrolled), 'classSourcedId')
    }
    if (resource >= 0) {
      const allowed = context.resourceRoles.get(resource)
      tell(checkResourceRole(context.rolesOfUser(user), allowed), 'resourceSourcedId')
    }
    return isKept
  })
}
