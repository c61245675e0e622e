import { isTrueCell, readDay, readRoleBit, RoleBit } from '../../index/codes.ts'
import { PairKey } from '../../index/pair-key.ts'
import { RepeatFinder } from '../../../kit/keys/repeat-finder.ts'
import {
  enrolledOnce,
  enrollmentSchool,
  onePrimaryTeacher,
  primaryIsTeacher,
  roleFitsUser,
} from '../../rules/meaning/enrollments.ts'
import type { RowView } from '../../../kit/csv/row-view.ts'
import { checkSchoolOf } from './courses-and-classes.ts'
import type { FileCheck, FileRows } from '../file-rows.ts'
import { buildFileCheck, buildReferences } from '../plain-file.ts'
import { ClassBit, UserBit } from '../relation-context.ts'

/** enrollments.csv: S-02, S-03, S-09, S-10, S-12 and S-13 beside its references, and who is in which class. */
export function createEnrollmentsCheck(rows: FileRows): FileCheck {
  const { context } = rows
  const references = buildReferences(rows)
  const classReference = references.get('classSourcedId')
  const schoolReference = references.get('schoolSourcedId')
  const userReference = references.get('userSourcedId')
  const [roleCell, primaryCell] = [rows.cell('role'), rows.cell('primary')]
  const [beginCell, endCell] = [rows.cell('beginDate'), rows.cell('endDate')]
  const [classes, users] = [context.table('classes'), context.table('users')]
  const isDefault = context.asks(enrolledOnce)
  const repeats = new RepeatFinder(context.spill)
  const key = new PairKey()

  function checkMeaning(row: RowView, rosterClass: number, user: number, role: number, isPrimary: boolean): void {
    const school = schoolReference?.ordinal ?? -1
    if (rosterClass >= 0 && school >= 0) {
      const expected = context.classSchools.get(rosterClass)
      const problem = enrollmentSchool.check(expected < 0 || expected === school)
      if (problem !== undefined) rows.report(enrollmentSchool, problem, row, 'schoolSourcedId')
    }
    const misfit = roleFitsUser.check(role, context.rolesOfUser(user))
    if (misfit !== undefined) rows.report(roleFitsUser, misfit, row, 'role')
    if (!isPrimary) return
    const wrongRole = primaryIsTeacher.check(role)
    if (wrongRole !== undefined) rows.report(primaryIsTeacher, wrongRole, row, 'primary')
  }

  /**
   * That somebody is enrolled, for S-11 and for results and resources. A refused row says it as well: it has a finding
   * of its own, and from it none shall follow for the class, the user or their results.
   */
  function noteSent(rosterClass: number, user: number, role: number): void {
    if (user >= 0) users.addBits(user, UserBit.isEnrolled)
    if (rosterClass < 0) return
    if (role === RoleBit.student) classes.addBits(rosterClass, ClassBit.hasStudent)
    if (role === RoleBit.teacher) classes.addBits(rosterClass, ClassBit.hasTeacher)
    if (user < 0 || context.enrolledPairs === undefined) return
    const { hi, lo } = key.of(rosterClass, user, role === RoleBit.student ? 1 : 0)
    context.enrolledPairs.add(hi, lo)
  }

  /** Who is in the class, for S-09, S-12 and S-24. */
  function keep(row: RowView, rosterClass: number, user: number, role: number, isPrimary: boolean): void {
    if (rosterClass < 0) return
    if (role === RoleBit.student) {
      context.classStudents.add(rosterClass, 1)
    } else if (role === RoleBit.teacher) {
      const bits = classes.bits(rosterClass)
      const problem = onePrimaryTeacher.check(isPrimary && (bits & ClassBit.hasPrimary) !== 0)
      if (problem !== undefined) rows.report(onePrimaryTeacher, problem, row, 'primary')
      if (isPrimary) classes.addBits(rosterClass, ClassBit.hasPrimary)
      if (user >= 0) context.teacherClasses.increment(user)
    }
    if (user >= 0 && isDefault) {
      const dates = Math.imul(readDay(row, beginCell), 0x9e3779b1) ^ Math.imul(readDay(row, endCell), 0x85ebca6b)
      const { hi, lo } = key.of(rosterClass, user, dates ^ role)
      repeats.add(hi, lo, rows.ordinal)
    }
  }

  return buildFileCheck(
    rows,
    references.values(),
    (row, isUsable) => {
      const rosterClass = classReference?.ordinal ?? -1
      const user = userReference?.ordinal ?? -1
      const role = readRoleBit(row, roleCell)
      const isPrimary = isTrueCell(row, primaryCell)
      const isKept = checkSchoolOf(rows, row, schoolReference)
      if (isDefault) checkMeaning(row, rosterClass, user, role, isPrimary)
      noteSent(rosterClass, user, role)
      if (isUsable && isKept) keep(row, rosterClass, user, role, isPrimary)
      return isKept
    },
    () => {
      reportRepeats(rows, repeats)
    },
  )
}

/** S-12. The later row is left out, though it is a warning: the class keeps the earlier one. */
function reportRepeats(rows: FileRows, repeats: RepeatFinder): void {
  const ordinals: number[] = []
  repeats.settle((ordinal) => ordinals.push(ordinal))
  const problem = enrolledOnce.check(true)
  if (problem === undefined) return
  for (const ordinal of ordinals.sort((one, other) => one - other)) {
    rows.reportLeftOut(enrolledOnce, problem, ordinal)
  }
}
