import { listClasses } from './classes.ts'
import { listCourses } from './courses.ts'
import { listEnrollments } from './enrollments.ts'
import { listCategories, listLineItems, listResults } from './gradebook.ts'
import { listGuardians } from './guardians.ts'
import { layOut, type DistrictRequest } from './layout.ts'
import { joinListings, type Listing } from './listing.ts'
import { listOrgs } from './orgs.ts'
import type {
  AcademicSession,
  Category,
  Course,
  Demographics,
  Enrollment,
  LineItem,
  Org,
  Result,
  RosterClass,
  User,
} from './records.ts'
import { listSessions } from './sessions.ts'
import { listStaff } from './staff.ts'
import { listDemographics, listStudents } from './students.ts'

export type District = {
  readonly orgs: Listing<Org>
  readonly academicSessions: Listing<AcademicSession>
  readonly courses: Listing<Course>
  readonly classes: Listing<RosterClass>
  /** Students, staff and guardians, in this order. */
  readonly users: Listing<User>
  readonly students: Listing<User>
  readonly staff: Listing<User>
  readonly enrollments: Listing<Enrollment>
  readonly demographics: Listing<Demographics>
  readonly categories: Listing<Category>
  readonly lineItems: Listing<LineItem>
  readonly results: Listing<Result>
}

/**
 * An invented district of any size, whole and in no binding. The same request gives the same district; the students
 * are those of `makePackage` with that seed. A listing holds what was withdrawn too, as `tobedeleted`.
 */
export function inventDistrict(request: DistrictRequest): District {
  const layout = layOut(request)
  const [students, staff] = [listStudents(layout), listStaff(layout)]
  return {
    orgs: listOrgs(layout),
    academicSessions: listSessions(layout),
    courses: listCourses(layout),
    classes: listClasses(layout),
    users: joinListings(students, staff, listGuardians(layout)),
    students,
    staff,
    enrollments: listEnrollments(layout),
    demographics: listDemographics(layout),
    categories: listCategories(layout),
    lineItems: listLineItems(layout),
    results: listResults(layout),
  }
}
