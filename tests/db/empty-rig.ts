import { createRosterRig, type RosterRig } from './roster-rig.ts'

/** One database for the test file; each test begins with a district without records. Call it at the top of the file. */
export function useEmptyRig(): { readonly rig: RosterRig; readonly clear: () => Promise<void> } {
  let rig: RosterRig | undefined
  const get = (): RosterRig => {
    if (rig === undefined) throw new Error('the rig is there only inside tests')
    return rig
  }
  beforeAll(async () => {
    rig = await createRosterRig()
  })
  afterAll(() => rig?.close())
  const clear = async () => {
    await get().owner.query(`truncate students, staged_students, staged_unseen, plan_rows, plan_counts, applied_batches,
      journal, dataset_versions, run_findings, import_runs, record_edits, record_changes, undo_batches, undo_skips, undo_throughs,
      match_keys, match_records, match_names, match_strangers, duplicate_finds, duplicate_cases, record_aliases, known_strangers,
      case_members, feed_mistakes, given_matches, resolution_rows`)
  }
  beforeEach(clear)
  return {
    clear,
    get rig() {
      return get()
    },
  }
}
