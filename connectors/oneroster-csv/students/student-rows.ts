import type { ExtractSink, SourceRecord } from '../../connector.ts'
import type { FileMode, OneRosterVersion } from '../../../domain/one-roster/column.ts'
import { findFileDefinition } from '../../../domain/one-roster/files.ts'
import type { Finding } from '../../../domain/import-rules/finding.ts'
import type { MergedRecord } from '../../../domain/import-rules/relations/split-records.ts'
import type { RowView } from '../../../domain/import-rules/row-view.ts'
import { normalizeText } from '../../../domain/normalize-text.ts'
import { isWord, readCell } from './cell-text.ts'
import { latestChangeTime, NewestChange } from './newest-change.ts'
import { noSchool, OrgIndex, type SchoolChoice } from './org-index.ts'
import { RoleIndex } from './role-index.ts'
import { StudentRecord } from './student-record.ts'

type Positions = ReadonlyMap<string, number>
type RowTaker = (row: RowView, isAccepted: boolean) => void

/**
 * Picks the students out of the rows of a package as they pass by, and says of each whether it is to be imported,
 * withdrawn or refused.
 *
 * Orgs come first, then in 1.2 the roles, then users, then demographics: the reading order of the package.
 */
export class StudentRows {
  /** False once a row of users or roles was refused whose user could not be read: it may be anybody, so nobody is absent. */
  everyRowHasKey = true
  usersMode: FileMode | undefined
  studentCount = 0
  acceptedStudentCount = 0
  acceptedSchoolCount = 0
  readonly contestedKeys = { users: new Set<string>(), demographics: new Set<string>() }
  readonly #sink: ExtractSink
  readonly #columns: Readonly<Record<string, readonly string[]>>
  readonly #version: OneRosterVersion
  readonly #latestMs: number
  readonly #newest: NewestChange
  readonly #orgs = new OrgIndex()
  readonly #roles = new RoleIndex()
  #hasRoles = false
  #take: RowTaker | undefined
  #timeCell = -1
  #record = new StudentRecord('users', [], new Map(), undefined)
  #merge: ((record: MergedRecord) => void) | undefined
  /** I-06 by line: a later row of the same student may name a school. */
  readonly #withoutSchool = new Map<number, Finding>()

  constructor(
    sink: ExtractSink,
    columns: Readonly<Record<string, readonly string[]>>,
    heldOrgs: readonly { readonly sourceKey: string; readonly type: string }[],
    version: OneRosterVersion,
    today: string,
  ) {
    this.#latestMs = latestChangeTime(today)
    this.#newest = new NewestChange(this.#latestMs)
    this.#sink = sink
    this.#version = version
    this.#columns = columns
    for (const org of heldOrgs) this.#orgs.addHeld(org.sourceKey, org.type)
  }

  beginFile(fileName: string, mode: FileMode, positions: Positions): void {
    this.#take = this.#takerOf(fileName, mode, positions)
    this.#timeCell = this.#take === undefined ? -1 : (positions.get('dateLastModified') ?? -1)
  }

  /** When the source changed something last of what is read here, students or not; undefined where it does not say. */
  get newestChange(): string | undefined {
    return this.#newest.time
  }

  digestColumns(fileName: string): readonly string[] | undefined {
    return this.#columns[fileName]
  }

  row(row: RowView, isAccepted: boolean): void {
    this.#take?.(row, isAccepted)
    if (isAccepted && this.#timeCell >= 0) this.#newest.see(row, this.#timeCell)
  }

  merge(record: MergedRecord): void {
    this.#merge?.(record)
  }

  endFile(): void {
    this.#tellWithoutSchool()
    this.#take = undefined
    this.#merge = undefined
  }

  /** A row handed out before was found to contradict a later one: nothing of that id is imported. */
  retract(fileName: string, sourcedId: string): void {
    if (fileName === 'users' || fileName === 'demographics') this.contestedKeys[fileName].add(normalizeText(sourcedId))
  }

  #takerOf(fileName: string, mode: FileMode, positions: Positions): RowTaker | undefined {
    switch (fileName) {
      case 'orgs':
        return (row, isAccepted) => {
          if (!isAccepted) return
          const org = this.#orgs.add(row, positions)
          if (org.type === 'school') this.acceptedSchoolCount++
          this.#sink.org(org)
        }
      case 'roles':
        this.#hasRoles = true
        return (row, isAccepted) => {
          // A refused role of nobody knows whom: it may be what makes anybody a student.
          if (!isAccepted && readCell(row, positions.get('userSourcedId') ?? -1) === '') this.everyRowHasKey = false
          this.#roles.add(row, positions, isAccepted)
        }
      case 'users':
        this.usersMode = mode
        this.#record = this.#createRecord('users', mode, positions)
        return this.#takeUsers(mode, positions)
      case 'demographics':
        this.#record = this.#createRecord('demographics', mode, positions)
        return (row, isAccepted) => {
          if (isAccepted && !isWithdrawn(row, positions.get('status') ?? -1)) {
            this.#sink.record(this.#record.show(row, 'active'))
          }
        }
      default:
        return undefined
    }
  }

  #createRecord(file: 'users' | 'demographics', mode: FileMode, positions: Positions): StudentRecord {
    const definition = findFileDefinition(this.#version, file)
    // Of a bulk file the column is not asked for, and what stands there says nothing (F-13).
    const latestMs = mode === 'delta' ? this.#latestMs : 0
    return new StudentRecord(file, this.#columns[file] ?? [], positions, definition, latestMs)
  }

  #takeUsers(mode: FileMode, positions: Positions): RowTaker {
    const judge = this.#userJudge(positions)
    const keyCell = positions.get('sourcedId') ?? -1
    const before = this.#createRecord('users', mode, positions)
    this.#merge = ({ first, isFirstAccepted, merged, canonical }) => {
      const [known, student] = [judge(first, isFirstAccepted), judge(merged, true)]
      if (known === undefined || student === undefined) return
      if (known.presence === 'rejected') this.acceptedStudentCount++
      if (!isWithoutSchool(student)) this.#withoutSchool.delete(first.line)
      this.#sink.replace(
        before.show(first, known.presence, known.school),
        this.#record.show(merged, student.presence, student.school, canonical),
      )
    }
    return (row, isAccepted) => {
      if (!isAccepted && readCell(row, keyCell) === '') this.everyRowHasKey = false
      const student = judge(row, isAccepted)
      if (student === undefined) return
      this.studentCount++
      if (student.presence !== 'rejected') this.acceptedStudentCount++
      else if (isAccepted) this.#reportUncertain(row, keyCell)
      if (isWithoutSchool(student)) this.#keepWithoutSchool(row, keyCell)
      this.#sink.record(this.#record.show(row, student.presence, student.school))
    }
  }

  /** Says of a row of users.csv who it is; undefined for people who are no students. */
  #userJudge(positions: Positions): (row: RowView, isAccepted: boolean) => JudgedStudent | undefined {
    const cell = (column: string) => positions.get(column) ?? -1
    const [keyCell, roleCell, orgsCell] = [cell('sourcedId'), cell('role'), cell('orgSourcedIds')]
    const [statusCell, enabledCell, primaryOrgCell] = [cell('status'), cell('enabledUser'), cell('primaryOrgSourcedId')]
    return (row, isAccepted) => {
      let school = noSchool
      let presence: SourceRecord['presence'] = isAccepted ? 'active' : 'rejected'
      if (this.#hasRoles) {
        const role = this.#roles.find(readCell(row, keyCell))
        if (role.isUncertain && !role.isStudent) presence = 'rejected'
        else if (!role.isStudent) return undefined
        school = this.#orgs.chooseSchool(readCell(row, primaryOrgCell) || role.orgKeys)
      } else {
        // A refused row whose role cannot be read may be a student: it counts as seen.
        const isStudent = isWord(row, roleCell, 'student')
        if (!isStudent && (isAccepted || isOtherRole(row, roleCell))) return undefined
        school = this.#orgs.chooseSchoolOf(row, orgsCell)
      }
      if (presence === 'active' && (isWithdrawn(row, statusCell) || isWord(row, enabledCell, 'false'))) {
        presence = 'inactive'
      }
      return { presence, school }
    }
  }

  /** Told of the user as well: otherwise nothing would say why she is not imported. */
  #reportUncertain(row: RowView, keyCell: number): void {
    this.#sink.finding({
      rule: 'I-09',
      severity: 'error',
      file: 'users.csv',
      line: row.line,
      sourcedId: readCell(row, keyCell),
      message:
        'a row of this user in roles.csv was refused, and no other says who it is; it is not imported. Correct that row.',
    })
  }

  #keepWithoutSchool(row: RowView, keyCell: number): void {
    if (this.#withoutSchool.size === mostWithoutSchool) this.#tellWithoutSchool()
    this.#withoutSchool.set(row.line, {
      rule: 'I-06',
      severity: 'warning',
      file: 'users.csv',
      line: row.line,
      column: this.#hasRoles ? 'primaryOrgSourcedId' : 'orgSourcedIds',
      sourcedId: readCell(row, keyCell),
      message: 'none of the orgs of this student is a school; the first org is taken. Point the student to a school.',
    })
  }

  #tellWithoutSchool(): void {
    for (const finding of this.#withoutSchool.values()) this.#sink.finding(finding)
    this.#withoutSchool.clear()
  }
}

type JudgedStudent = { readonly presence: SourceRecord['presence']; readonly school: SchoolChoice }

/** How many findings wait for the end of the file, so that a file full of them takes no memory to speak of. */
const mostWithoutSchool = 10_000

function isWithoutSchool({ presence, school }: JudgedStudent): boolean {
  return presence === 'active' && !school.isSchool && school.keys !== ''
}

const otherRoles = ['administrator', 'aide', 'guardian', 'parent', 'proctor', 'relative', 'teacher']

function isOtherRole(row: RowView, cell: number): boolean {
  return otherRoles.some((role) => isWord(row, cell, role))
}

function isWithdrawn(row: RowView, statusCell: number): boolean {
  return isWord(row, statusCell, 'tobedeleted') || isWord(row, statusCell, 'inactive')
}
