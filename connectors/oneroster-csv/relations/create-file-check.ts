import { createClassesCheck, createCoursesCheck } from './files/courses-and-classes.ts'
import { createDemographicsCheck } from './files/demographics.ts'
import { createEnrollmentsCheck } from './files/enrollments.ts'
import { FileRows } from './file-rows.ts'
import type { FileCheck } from './file-rows.ts'
import { createLineItemsCheck, createResultsCheck } from './files/gradebook.ts'
import { createOrgsCheck } from './files/orgs.ts'
import { buildFileCheck, buildReferences } from './plain-file.ts'
import type { RelationContext } from './relation-context.ts'
import { createResourcesCheck, createUserResourcesCheck } from './files/resources.ts'
import { createProfilesCheck, createRolesCheck } from './files/roles-and-profiles.ts'
import { createSessionsCheck } from './files/sessions.ts'
import { createUsersCheck } from './files/users.ts'

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
