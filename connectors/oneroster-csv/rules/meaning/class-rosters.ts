import { RoleBit } from '../../index/codes.ts'
import { problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem, Rule } from '../../../../domain/import-rules/rule.ts'

/** S-11, for a class. */
function checkClassIsFilled(hasTeacher: boolean, hasStudent: boolean): Problem | undefined {
  if (hasTeacher && hasStudent) return undefined
  if (hasTeacher) return problem('No student is enrolled in the class.')
  return problem(hasStudent ? 'No teacher is enrolled in the class.' : 'Nobody is enrolled in the class.')
}

export const classIsFilled: Rule<typeof checkClassIsFilled> = {
  id: 'S-11',
  title: 'a class without a teacher or without students, or a student or teacher without an enrollment',
  severity: { strict: undefined, default: 'info' },
  appliesTo: 'row',
  check: checkClassIsFilled,
}

/** S-11, for a user; parents and others have no enrollments by nature. */
export function checkUserIsEnrolled(isEnrolled: boolean, roles: number): Problem | undefined {
  if (isEnrolled || (roles & (RoleBit.student | RoleBit.teacher)) === 0) return undefined
  return problem('The user is a student or teacher and has no enrollment.')
}

/** What some receivers refuse beyond (HMH). */
const maxStudentsOfClass = 50
const maxClassesOfTeacher = 50

/** S-24, for a class. */
function checkClassSize(studentCount: number): Problem | undefined {
  if (studentCount <= maxStudentsOfClass) return undefined
  return problem(`The class has ${studentCount} students; some receivers take ${maxStudentsOfClass} at most.`)
}

export const classSize: Rule<typeof checkClassSize> = {
  id: 'S-24',
  title: 'a class with more than 50 students, or a teacher with more than 50 classes',
  severity: { strict: undefined, default: 'info' },
  appliesTo: 'row',
  check: checkClassSize,
}

/** S-24, for a teacher. */
export function checkTeacherLoad(classCount: number): Problem | undefined {
  if (classCount <= maxClassesOfTeacher) return undefined
  return problem(`The teacher has more than ${maxClassesOfTeacher} classes; some receivers take no more.`)
}
