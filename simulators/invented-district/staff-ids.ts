import { schoolAt, type Layout } from './layout.ts'

/** `school` from 0, `teacher` from 1. */
export function teacherSourcedId(layout: Layout, school: number, teacher: number): string {
  return `teacher-${schoolAt(layout, school).slice('school-'.length)}-${String(teacher).padStart(3, '0')}`
}
