import type { InventedStudent } from '../../../simulators/oneroster-package/invented-people.ts'
import type { Chance } from '../chance.ts'
import type { SourcePackage, SourceRow } from '../model/source-row.ts'
import { inventPerson, inventPhone } from './invent-person.ts'

type Pupil = { person: InventedStudent; isThere: boolean; resembles?: string }

/** How many may wait for a person at once: five new ids beside old names would be held as a change of the id scheme. */
const mostTwins = 3

/**
 * The student information system of one district: who is there, and what of it a package says. What people do to the
 * records in Rollbook is not known to it.
 */
export class SourceSystem {
  readonly schools: number
  readonly #chance: Chance
  readonly #pupils: Pupil[] = []
  /** Since the last export of any kind. */
  readonly #changed = new Set<Pupil>()
  #count = 0

  constructor(chance: Chance, { students, schools }: { readonly students: number; readonly schools: number }) {
    this.#chance = chance
    this.schools = schools
    for (let number = 1; number <= students; number++) this.#admit()
  }

  /** A day at school: some are corrected, some come, few leave or return. */
  passDay(): void {
    const chance = this.#chance
    for (const pupil of chance.some(this.#there, chance.between(1, 6))) this.#correct(pupil)
    for (let left = chance.between(0, 2); left > 0; left--) this.#changed.add(this.#admit())
    if (chance.percent(40)) this.#move(chance.pick(this.#there), false)
    const gone = this.#pupils.filter(({ isThere, resembles }) => !isThere && resembles === undefined)
    if (gone.length > 0 && chance.percent(30)) this.#move(chance.pick(gone), true)
  }

  /** Somebody is entered anew, under ids that nobody knows, and the old entry is removed. False when too many are. */
  enterAnew(openCases: number): boolean {
    if (openCases >= mostTwins) return false
    const old = this.#chance.pick(this.#there.filter(({ resembles }) => resembles === undefined))
    const { person } = old
    this.#move(old, false)
    const again = this.#admit()
    again.person = {
      ...person,
      sourcedId: again.person.sourcedId,
      identifier: again.person.identifier,
    }
    again.resembles = person.identifier
    // The old entry never returns: nobody is there twice.
    old.resembles = again.person.identifier
    return true
  }

  exportAll(): SourcePackage {
    this.#changed.clear()
    return bulk(this.#there.map(toRow))
  }

  /** What changed since the last export; undefined when nothing did. */
  exportChanges(): SourcePackage | undefined {
    const rows = [...this.#changed].map((pupil): SourceRow => ({ ...toRow(pupil), isWithdrawn: !pupil.isThere }))
    this.#changed.clear()
    const hasDemographics = this.#chance.percent(50) && rows.some(({ isWithdrawn }) => isWithdrawn !== true)
    return rows.length === 0 ? undefined : { mode: 'delta', rows, hasDemographics, isUsable: true }
  }

  /** An export that lost a third of the district. */
  exportPart(): SourcePackage {
    return bulk(this.#there.map(toRow).filter(() => !this.#chance.percent(35)))
  }

  /** Everybody has another phone number, in this package alone. */
  exportRenumbered(): SourcePackage {
    const renumber = ({ person, ...rest }: SourceRow): SourceRow => ({
      ...rest,
      person: { ...person, phone: inventPhone(this.#chance) },
    })
    return bulk(this.#there.map(toRow).map(renumber))
  }

  /** A fifth of the rows have no family name. */
  exportSpoiled(): SourcePackage {
    return bulk(this.#there.map((pupil) => ({ ...toRow(pupil), isBroken: this.#chance.percent(20) })))
  }

  get #there(): readonly Pupil[] {
    return this.#pupils.filter(({ isThere }) => isThere)
  }

  #admit(): Pupil {
    const pupil = { person: inventPerson(this.#chance, (this.#count += 1), this.schools), isThere: true }
    this.#pupils.push(pupil)
    return pupil
  }

  #move(pupil: Pupil, isThere: boolean): void {
    pupil.isThere = isThere
    this.#changed.add(pupil)
  }

  #correct(pupil: Pupil): void {
    const { person } = pupil
    const what = this.#chance.pick(['phone', 'email', 'grade', 'school'] as const)
    const changes = {
      phone: { phone: inventPhone(this.#chance) },
      email: { email: `${person.username}${this.#chance.between(2, 99)}@students.soak.example` },
      grade: { grade: this.#chance.pick(['03', '04', '05', '06']) },
      school: { schoolNumber: this.#chance.between(1, this.schools) },
    }
    pupil.person = { ...person, ...changes[what] }
    this.#changed.add(pupil)
  }
}

function toRow({ person, isThere, resembles }: Pupil): SourceRow {
  return { person, ...(isThere && resembles !== undefined && { resembles }) }
}

function bulk(rows: readonly SourceRow[]): SourcePackage {
  return { mode: 'bulk', rows, hasDemographics: true, isUsable: true }
}
