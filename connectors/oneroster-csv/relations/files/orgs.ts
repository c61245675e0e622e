import { deriveOrgType, OrgType } from '../../index/codes.ts'
import { IdState } from '../../index/id-table.ts'
import { orgParent } from '../../rules/reference/trees.ts'
import type { FileCheck, FileRows } from '../file-rows.ts'
import { ParentLinks } from '../parent-links.ts'
import { buildFileCheck } from '../plain-file.ts'

/** orgs.csv: the tree of orgs, and the type of each for others. */
export function createOrgsCheck(rows: FileRows): FileCheck {
  const { context } = rows
  const typeCell = rows.cell('type')
  const links = new ParentLinks(rows)
  let hasDistricts = false

  function checkParents(): void {
    links.settle()
    if (!context.asks(orgParent)) return
    const named = links.listNamed()
    for (let org = 0; org < rows.table.size; org++) {
      const bits = rows.table.bits(org) & (IdState.present | IdState.rejected | IdState.withdrawn)
      const parent = links.parentOf(org)
      // A parent that is named and not in the package is R-05, or held; it is not a school without parent.
      if (bits !== IdState.present || (parent === undefined && named.has(org))) continue
      const parentType = parent === undefined ? undefined : orgTypeOf(parent)
      const problem = orgParent.check(orgTypeOf(org), parentType, hasDistricts)
      if (problem !== undefined) rows.reportLate(orgParent, problem, org, 'parentSourcedId')
    }
  }

  // as: only values of OrgType are written there.
  const orgTypeOf = (org: number) => context.orgTypes.get(org) as OrgType

  return buildFileCheck(
    rows,
    [],
    (row, isUsable) => {
      links.note(row)
      const type = typeCell < 0 || typeCell >= row.width ? OrgType.unknown : deriveOrgType(row.text(typeCell))
      context.orgTypes.set(rows.ordinal, type)
      if (isUsable && (type === OrgType.district || type === OrgType.local)) hasDistricts = true
      return true
    },
    checkParents,
  )
}
