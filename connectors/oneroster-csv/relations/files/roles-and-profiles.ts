import { isBlankCell, readRoleBit, RoleBit } from '../../index/codes.ts'
import { onePrimaryRole, ownProfile } from '../../rules/meaning/roles.ts'
import type { FileCheck, FileRows } from '../file-rows.ts'
import { buildFileCheck, buildReferences } from '../plain-file.ts'
import { roleShift, UserBit } from '../relation-context.ts'

const primaryLetter = 0x70

/** Users are read later: unless they are missing altogether, whose row it is is settled then. */
function listDeferred(rows: FileRows): readonly string[] {
  return rows.context.modes.has('users') ? ['userSourcedId'] : []
}

/** userProfiles.csv (1.2). */
export function createProfilesCheck(rows: FileRows): FileCheck {
  const userCell = rows.cell('userSourcedId')
  return buildFileCheck(rows, buildReferences(rows, listDeferred(rows)).values(), (row) => {
    rows.context.users.own('userProfiles', rows.ordinal, row, userCell)
    return true
  })
}

/** roles.csv (1.2): S-14 and S-17 beside its references, and the roles of each user for others. */
export function createRolesCheck(rows: FileRows): FileCheck {
  const { context } = rows
  const { users } = context
  const userTable = context.table('users')
  const references = buildReferences(rows, listDeferred(rows))
  const org = references.get('orgSourcedId')
  const profile = references.get('userProfileSourcedId')
  const [userCell, roleCell, typeCell] = [rows.cell('userSourcedId'), rows.cell('role'), rows.cell('roleType')]

  return buildFileCheck(rows, references.values(), (row, isUsable) => {
    const user = users.own('roles', rows.ordinal, row, userCell)
    if (user < 0) return true
    let isKept = true
    if (profile !== undefined && profile.ordinal >= 0) {
      const owner = users.ownerOf('userProfiles', profile.ordinal)
      const problem = ownProfile.check(owner < 0 || owner === user)
      if (problem !== undefined && rows.report(ownProfile, problem, row, 'userProfileSourcedId')) isKept = false
    }
    if (!isUsable || !isKept || isBlankCell(row, typeCell)) {
      // A refused role has a finding of its own; that the user has it is enough, so that none follows for the user.
      if (org !== undefined && org.ordinal >= 0) users.addRole(user, org.ordinal, false)
      userTable.addBits(user, (RoleBit.other << roleShift) | UserBit.hasPrimaryRole)
      return isKept
    }
    const isPrimary = ((row.bytes[row.starts[typeCell] as number] as number) | 0x20) === primaryLetter
    if (org !== undefined && org.ordinal >= 0) {
      const problem = onePrimaryRole.check(users.addRole(user, org.ordinal, isPrimary))
      if (problem !== undefined && rows.report(onePrimaryRole, problem, row, 'roleType')) return false
    }
    const rank = isPrimary ? UserBit.hasPrimaryRole : UserBit.hasSecondaryRole
    userTable.addBits(user, (readRoleBit(row, roleCell) << roleShift) | rank)
    return true
  })
}
