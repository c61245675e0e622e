import { CellHash } from '../../../kit/one-roster/rows/cell-hash.ts'
import { isBlankCell, readRoleBit } from '../../index/codes.ts'
import { hasPrimaryRole, hasRole, roleInPrimaryOrg } from '../../rules/meaning/roles.ts'
import { severityOf } from '../../../../domain/import-rules/rule.ts'
import type { RowView } from '../../../kit/csv/row-view.ts'
import { AgentLinks } from '../agent-links.ts'
import type { FileCheck, FileRows } from '../file-rows.ts'
import { PersonalValues } from '../personal-values.ts'
import { buildFileCheck, buildReferences } from '../plain-file.ts'
import { roleMask, roleShift, UserBit } from '../relation-context.ts'

const falseLetter = 0x66

/** users.csv: agents, roles (S-15, S-16, S-18) and shared values (S-20) beside its references. */
export function createUsersCheck(rows: FileRows): FileCheck {
  const { context, table } = rows
  const references = buildReferences(rows, ['agentSourcedIds'])
  const primaryOrg = references.get('primaryOrgSourcedId')
  const roleCell = rows.cell('role')
  const enabledCell = rows.cell('enabledUser')
  const agentCell = rows.cell('agentSourcedIds')
  const hash = new CellHash()
  const agents = new AgentLinks(rows, hash)
  const values = new PersonalValues(rows, hash)
  const is12 = context.version === '1.2'
  const areRolesKnown =
    is12 && rows.mode === 'bulk' && context.modes.get('roles') === 'bulk' && context.isWhole('roles')

  /** S-15, S-16 and S-18; whether the row stays. */
  function checkRoles(row: RowView): boolean {
    const bits = table.bits(rows.ordinal)
    const hasAny = ((bits >>> roleShift) & roleMask) !== 0
    const hasPrimary = (bits & UserBit.hasPrimaryRole) !== 0
    const noRole = hasRole.check(hasAny)
    if (noRole !== undefined) rows.report(hasRole, noRole, row)
    const noPrimary = hasPrimaryRole.check(hasPrimary, (bits & UserBit.hasSecondaryRole) !== 0)
    if (noPrimary !== undefined) rows.report(hasPrimaryRole, noPrimary, row)
    if (primaryOrg === undefined || primaryOrg.ordinal < 0) return true
    const elsewhere = roleInPrimaryOrg.check(context.users.hasRoleIn(rows.ordinal, primaryOrg.ordinal))
    return elsewhere === undefined || !rows.report(roleInPrimaryOrg, elsewhere, row, 'primaryOrgSourcedId')
  }

  function isActive(row: RowView): boolean {
    if (isBlankCell(row, enabledCell)) return true
    return ((row.bytes[row.starts[enabledCell] as number] as number) | 0x20) !== falseLetter
  }

  return buildFileCheck(
    rows,
    references.values(),
    (row, isUsable) => {
      if (!is12) table.addBits(rows.ordinal, readRoleBit(row, roleCell) << roleShift)
      let isKept = true
      if (areRolesKnown && !checkRoles(row)) isKept = false
      if (!isBlankCell(row, agentCell) && !agents.note(row, agentCell, isUsable)) isKept = false
      if (isUsable && isKept && isActive(row)) values.note(row)
      return isKept
    },
    () => {
      reportNoRoles(rows)
      agents.settle()
      values.settle()
      context.users.settleOwners()
    },
  )
}

/** S-18 where there is no roles.csv at all: once, not for every user. */
function reportNoRoles(rows: FileRows): void {
  const { context } = rows
  if (
    context.version !== '1.2' ||
    rows.mode !== 'bulk' ||
    context.modes.has('roles') ||
    context.hasFailed('roles') ||
    rows.table.size === 0
  )
    return
  const severity = severityOf(hasRole, context.profile)
  if (severity === undefined) return
  const message = 'There is no roles.csv, so nothing says who the users are: send it with the users.'
  context.sink({ rule: hasRole.id, severity, file: 'users.csv', message })
}
