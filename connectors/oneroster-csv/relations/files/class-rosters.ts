import { RoleBit } from '../../index/codes.ts'
import { IdState } from '../../index/id-table.ts'
import { checkTeacherLoad, checkUserIsEnrolled, classIsFilled, classSize } from '../../rules/meaning/class-rosters.ts'
import { reportLate } from '../file-rows.ts'
import { ClassBit, UserBit } from '../relation-context.ts'
import type { RelationContext } from '../relation-context.ts'

const { present, rejected, withdrawn } = IdState

/** S-11 and S-24, when all enrollments are known. Only a full set can say that somebody has none. */
export function finishClassRosters(context: RelationContext): void {
  const { modes } = context
  if (!context.asks(classIsFilled) || modes.get('enrollments') !== 'bulk' || !context.isWhole('enrollments')) return
  if (modes.get('classes') === 'bulk') checkClasses(context)
  if (modes.get('users') === 'bulk') checkUsers(context)
}

function checkClasses(context: RelationContext): void {
  const classes = context.table('classes')
  for (let ordinal = 0; ordinal < classes.size; ordinal++) {
    const bits = classes.bits(ordinal)
    if ((bits & (present | rejected | withdrawn)) !== present) continue
    const filled = classIsFilled.check((bits & ClassBit.hasTeacher) !== 0, (bits & ClassBit.hasStudent) !== 0)
    if (filled !== undefined) reportLate(context, 'classes', classIsFilled, filled, ordinal)
    const size = classSize.check(context.classStudents.get(ordinal))
    if (size !== undefined) reportLate(context, 'classes', classSize, size, ordinal)
  }
}

function checkUsers(context: RelationContext): void {
  const users = context.table('users')
  for (let ordinal = 0; ordinal < users.size; ordinal++) {
    const bits = users.bits(ordinal)
    if ((bits & (present | rejected | withdrawn)) !== present) continue
    const roles = context.rolesOfUser(ordinal)
    const enrolled = checkUserIsEnrolled((bits & UserBit.isEnrolled) !== 0, roles)
    if (enrolled !== undefined) reportLate(context, 'users', classIsFilled, enrolled, ordinal)
    if ((roles & RoleBit.teacher) === 0) continue
    const load = checkTeacherLoad(context.teacherClasses.get(ordinal))
    if (load !== undefined) reportLate(context, 'users', classSize, load, ordinal)
  }
}
