import { createClassesCheck, createCoursesCheck } from './courses-and-classes.ts'
import { createDemographicsCheck } from './demographics.ts'
import { createEnrollmentsCheck } from './enrollments.ts'
import { FileRows } from './file-rows.ts'
import type { FileCheck } from './file-rows.ts'
import { createLineItemsCheck, createResultsCheck } from './gradebook.ts'
import { createOrgsCheck } from './orgs.ts'
import { buildFileCheck, buildReferences } from './plain-file.ts'
import type { RelationContext } from './relation-context.ts'
import { createResourcesCheck, createUserResourcesCheck } from './resources.ts'
import { createProfilesCheck, createRolesCheck } from './roles-and-profiles.ts'
import { createSessionsCheck } from './sessions.ts'
import { createUsersCheck } from './users.ts'

const checks: Readonly<Record<string, (rows: FileRows) => FileCheck>> = {
  orgs: createOrgsCheck,
  academicSessions: createSessionsCheck,
  courses: createCoursesCheck,
  classes: createClassesCheck,
  userProfiles: createProfilesCheck,
  roles: createRolesCheck,
  users: createUsersCheck,
  demographics: createDemographicsCheck,
  enrollments: createEnrollmentsCheck,
  lineItems: createLineItemsCheck,
  results: createResultsCheck,
  resources: createResourcesCheck,
  userResources: createUserResourcesCheck,
}

/** The check of a file; a file without facts of its own is checked for its ids and references. */
export function createFileCheck(
  context: RelationContext,
  fileName: string,
  positions: ReadonlyMap<string, number>,
  sizeBytes: number,
): FileCheck {
  const rows = new FileRows(context, fileName, positions, sizeBytes)
  const create = checks[rows.name]
  return create === undefined ? buildFileCheck(rows, buildReferences(rows).values()) : create(rows)
}
