/**
 * Which tests decide whether a file is right: by the beginning of its path, the longest that fits. The quick ones come
 * first, because the first that fails is enough.
 */
const judges: Readonly<Record<string, readonly string[]>> = {
  'activities/stage/': [
    'tests/activities/stage/stage-pass.test.ts',
    'tests/activities/resolution/identity.test.ts',
    'tests/activities/stage/birth-dates.test.ts',
    'tests/activities/import/import-steps.test.ts',
    'tests/activities/stage/schools-of-a-student.test.ts',
    'tests/activities/import/not-imported.test.ts',
    'tests/activities/stage/split-records.test.ts',
  ],
  'connectors/kit/one-roster/': [
    'tests/connectors/oneroster-csv/students/who-is-a-student.test.ts',
    'tests/connectors/oneroster-csv/students/extract-students.test.ts',
    'tests/connectors/kit/one-roster/rows/role-index.test.ts',
    'tests/connectors/kit/one-roster/rows/row-record.test.ts',
    'tests/connectors/oneroster-csv/students/uncertain-roles.test.ts',
    'tests/activities/stage/schools-of-a-student.test.ts',
    'tests/activities/import/import-steps.test.ts',
    'tests/activities/import/not-imported.test.ts',
    'tests/activities/stage/text-forms.test.ts',
    'tests/activities/stage/split-records.test.ts',
    'tests/conformance/absence.test.ts',
  ],
  'connectors/kit/one-roster/data-types/': [
    'tests/connectors/kit/one-roster/rows/row-record.test.ts',
    'tests/conformance/imports.test.ts',
    'tests/conformance/absence.test.ts',
    'tests/conformance/connectors.test.ts',
    'tests/db/staging/gathered-teachers.test.ts',
  ],
  'db/fields/': [
    'tests/conformance/imports.test.ts',
    'tests/conformance/left-out.test.ts',
    'tests/conformance/undo.test.ts',
  ],
  'db/records/': [
    'tests/db/records/source-times.test.ts',
    'tests/db/plan/plan-limits.test.ts',
    'tests/db/undo/touched-since.test.ts',
    'tests/db/undo/record-history.test.ts',
    'tests/activities/undo/undo-values.test.ts',
  ],
  'db/plan/': [
    'tests/db/plan/plan-limits.test.ts',
    'tests/db/plan/plan-schools.test.ts',
    'tests/db/plan/plan-cases.test.ts',
    'tests/db/plan/plan-sources.test.ts',
    'tests/db/plan/not-imported.test.ts',
    'tests/db/plan/apply-plan.test.ts',
    'tests/db/resolution/identity-conflicts.test.ts',
    'tests/activities/resolution/identity.test.ts',
  ],
  'db/staging/': [
    'tests/db/staging/held-digests.test.ts',
    'tests/db/plan/plan-schools.test.ts',
    'tests/db/migrations/academic-year.test.ts',
    'tests/db/plan/plan-cases.test.ts',
    'tests/activities/stage/schools-of-a-student.test.ts',
    'tests/activities/stage/academic-year.test.ts',
  ],
  'db/undo/': [
    'tests/db/undo/undo-run.test.ts',
    'tests/db/undo/touched-since.test.ts',
    'tests/activities/undo/undo-values.test.ts',
    'tests/db/undo/record-history.test.ts',
    'tests/db/resolution/resolution.test.ts',
    'tests/db/resolution/identity-conflicts.test.ts',
    'tests/db/undo/any-sequence.test.ts',
  ],
  'db/matching/': [
    'tests/db/matching/find-candidates.test.ts',
    'tests/db/matching/find-doubts.test.ts',
    'tests/db/matching/own-lines.test.ts',
    'tests/db/plan/plan-cases.test.ts',
    'tests/db/resolution/identity-conflicts.test.ts',
    'tests/activities/resolution/identity.test.ts',
  ],
  'domain/matching/': [
    'tests/domain/matching/doubt-match.test.ts',
    'tests/domain/matching/group-conflicts.test.ts',
    'tests/domain/matching/score-candidate.test.ts',
    'tests/domain/matching/names.test.ts',
    'tests/domain/matching/whole-names.test.ts',
    'tests/domain/matching/draw-lines.test.ts',
    'tests/domain/matching/learn-relations.test.ts',
  ],
  'domain/plan/': ['tests/domain/plan/safety-limits.test.ts', 'tests/db/plan/plan-limits.test.ts'],
  'domain/undo/': ['tests/domain/undo/find-undoable-runs.test.ts'],
}

/** The test files that judge a source file, in the order in which they are asked. */
export function listJudges(file: string): readonly string[] {
  const fitting = Object.entries(judges).filter(([path]) => file.startsWith(path))
  const [longest] = fitting.sort(([one], [other]) => other.length - one.length)
  if (longest === undefined) throw new Error(`${file} has no judges: add its tests to tests/mutation/judges.ts`)
  return longest[1]
}
