import type { FileMode, OneRosterVersion } from '../../kit/one-roster/format/column.ts'
import { CellHash } from '../../kit/one-roster/rows/cell-hash.ts'
import { deriveDay } from '../index/codes.ts'
import { ByteColumn, NumberColumn, ShortColumn, WordColumn } from '../index/columns.ts'
import { IdTable } from '../index/id-table.ts'
import { findFileDefinition, listDataFiles } from '../../kit/one-roster/format/files.ts'
import { KeySet } from '../../kit/keys/key-set.ts'
import type { NamelessFile } from '../../kit/keys/nameless-file.ts'
import type { Spill } from '../../kit/keys/spill.ts'
import { RowHash } from '../index/row-hash.ts'
import type { FindingSink, Profile } from '../../../domain/import-rules/finding.ts'
import { severityOf } from '../../../domain/import-rules/rule.ts'
import type { RuleEntry } from '../../../domain/import-rules/rule.ts'
import type { LateFinding, RelationOptions } from './relation-checks.ts'
import { UserOwners } from './user-owners.ts'

/** Facts of a class in the free bits of its id. */
export const ClassBit = { hasStudent: 16, hasTeacher: 32, hasPrimary: 64 } as const

/** Facts of a user in the free bits of the id: the roles (`RoleBit`) shifted, and these. */
export const roleShift = 4
export const UserBit = { hasPrimaryRole: 1 << 13, hasSecondaryRole: 1 << 14, isEnrolled: 1 << 15 } as const
export const roleMask = 0x1ff

/** What the checks of all files know together: the ids of each file and the few facts that other files ask for. */
export class RelationContext {
  readonly version: OneRosterVersion
  readonly profile: Profile
  readonly modes: ReadonlyMap<string, FileMode>
  readonly today: number
  readonly sink: FindingSink
  readonly late: LateFinding[] = []
  readonly spill: Spill | undefined
  /** Exact hashes of the orgs we hold; undefined when nothing is known of them. */
  readonly heldOrgs: KeySet | undefined
  readonly hash = new CellHash()
  readonly rowHash = new RowHash()
  /** Name of a file as it was begun, by its name without ending. */
  readonly fileNames = new Map<string, string>()
  /** Files that the package has, or promises, and that cannot be read, by name. */
  readonly #unread: ReadonlySet<string>
  /** Files whose reading broke off, or whose header is not such that their rows can be understood. */
  readonly #broken = new Set<string>()

  readonly orgTypes = new ByteColumn()
  readonly sessionTypes = new ByteColumn()
  readonly sessionStarts = new WordColumn()
  readonly sessionEnds = new WordColumn()
  readonly classSchools = new WordColumn(-1)
  readonly classStudents = new WordColumn()
  readonly teacherClasses = new ByteColumn()
  /** Class and user of enrollments, student or not; kept only when a file of the package asks for it. */
  readonly enrolledPairs: KeySet | undefined
  readonly lineItemClasses = new WordColumn(-1)
  readonly lineItemMins = new NumberColumn()
  readonly lineItemMaxes = new NumberColumn()
  readonly resourceRoles = new ShortColumn()
  readonly users: UserOwners

  /** Takes the ids of files that no other refers to, which are asked for in the order of their rows alone. */
  readonly #idFile: NamelessFile | undefined
  readonly #targets: ReadonlySet<string>
  readonly #tables = new Map<string, IdTable>()
  readonly #userTable: IdTable

  constructor(options: RelationOptions) {
    this.version = options.version
    this.profile = options.profile
    this.modes = options.modes
    this.today = deriveDay(options.today)
    this.sink = options.sink
    this.spill = options.spill
    this.#unread = options.unreadFiles ?? new Set()
    if (options.heldOrgKeys !== undefined) {
      this.heldOrgs = new KeySet()
      for (const key of options.heldOrgKeys) {
        if (this.hash.text(key)) this.heldOrgs.add(this.hash.hi, this.hash.lo)
      }
    }
    const asksForPairs = options.modes.has('results') || options.modes.has('userResources')
    this.enrolledPairs = asksForPairs && options.modes.get('enrollments') === 'bulk' ? new KeySet() : undefined
    this.#idFile = options.idFile
    this.#targets = listTargets(options.version)
    this.#userTable = this.table('users')
    this.users = new UserOwners(this)
  }

  /** The ids of a file; empty until it is read. */
  table(file: string): IdTable {
    const known = this.#tables.get(file)
    if (known !== undefined) return known
    const table = new IdTable(this.#targets.has(file) ? undefined : this.#idFile)
    this.#tables.set(file, table)
    return table
  }

  /** Files with ids, in the order in which they came up. */
  listTables(): readonly (readonly [file: string, table: IdTable])[] {
    return [...this.#tables]
  }

  /** Says that a file does not tell all it should: nothing is missing for its not being there. */
  breakOff(file: string): void {
    this.#broken.add(file)
  }

  /**
   * Whether the file is read, or was so to its end. What is missing in another one was perhaps behind the place where
   * it broke off: no finding may follow from that.
   */
  isWhole(file: string): boolean {
    return this.fileNames.has(file) && !this.#broken.has(file)
  }

  /** Whether the file was to be read and could not be, or not to its end: it has findings of its own. */
  hasFailed(file: string): boolean {
    return this.#unread.has(file) || (this.modes.has(file) && !this.isWhole(file))
  }

  /** Who is enrolled, where a full set of enrollments says it. */
  knownEnrollments(): KeySet | undefined {
    return this.isWhole('enrollments') ? this.enrolledPairs : undefined
  }

  /** Whether the profile asks for the rule at all. */
  asks(rule: RuleEntry): boolean {
    return severityOf(rule, this.profile) !== undefined
  }

  /** The roles of a user, as bits of `RoleBit`; 0 for one that is not known. */
  rolesOfUser(ordinal: number): number {
    // Of a user whose other roles may stand behind the place where roles.csv broke off, none is known.
    return ordinal < 0 || this.#broken.has('roles') ? 0 : (this.#userTable.bits(ordinal) >>> roleShift) & roleMask
  }
}

/** The files that columns of others refer to. */
function listTargets(version: OneRosterVersion): ReadonlySet<string> {
  const columns = listDataFiles(version).flatMap((name) => findFileDefinition(version, name)?.columns ?? [])
  return new Set(columns.flatMap(({ target }) => target ?? []))
}
