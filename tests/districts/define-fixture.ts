import type { OneRosterVersion } from '../../connectors/kit/one-roster/format/column.ts'
import type { RosterPackage } from '../fixtures/roster-package.ts'
import type { Shortfall } from './shortfalls.ts'

/** What the conformance suite has to know of a data type: its records in the package of `makeWholeRoster`. */
export type DataTypeFixture = {
  readonly dataType: string
  /** The files that carry its records, each of whose columns may not come one day. */
  readonly files: readonly string[]
  /** The source keys of its records. The first five are of one school, where the records have one. */
  readonly keys: readonly string[]
  /** As `records --csv` shows the records, by source key; a field that is not named is blank. */
  readonly shown: (version: OneRosterVersion) => Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Takes a record out of the package. */
  readonly remove: (roster: RosterPackage, key: string) => RosterPackage
  /** Makes a delta say that a record is gone; absent where a delta cannot say that. */
  readonly withdraw?: (roster: RosterPackage, key: string) => RosterPackage
  /** Makes the package say of a record what no rule lets pass. */
  readonly refuse: (roster: RosterPackage, key: string) => RosterPackage
  /** Changes one field of one record. */
  readonly change: (roster: RosterPackage) => RosterPackage
  readonly changed: { readonly key: string; readonly field: string; readonly before: string; readonly after: string }
  /** One record of a data type that this one needs, and those that are left out while it is not held. */
  readonly lost?: { readonly dataType: string; readonly key: string; readonly records: readonly string[] }
  /** Leaves a field blank that is expected. */
  readonly blank?: { readonly field: string; readonly leave: (roster: RosterPackage) => RosterPackage }
  /** Which of the records is missing from the packages below, and in what ways they are not whole. */
  readonly absence: { readonly key: string; readonly ways: readonly Shortfall[] }
}
