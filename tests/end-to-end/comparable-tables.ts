import assert from 'node:assert/strict'
import type { DistrictOnStack } from './district-on-stack.ts'

/**
 * Every table that imports write, as rows that must be equal in two districts that imported the same packages: without
 * ids and times, runs by their number in the district, schools and students by their keys.
 */
const comparable: Readonly<Record<string, string>> = {
  students: `
    select s.sis_id, s.source_key, s.state_id, s.username, s.federated_id, s.given_name, s.middle_name, s.family_name,
      s.preferred_name, s.birth_date, s.sex, s.ethnicity, s.race, s.email, s.phone, s.street, s.city, s.state,
      s.postal_code, o.source_key as school, s.grade_level, s.class_year, s.gpa_weighted, s.gpa_unweighted,
      s.home_language, s.ell_status, s.counselor_id, s.homeroom, s.custom_fields, s.status, s.revision,
      s.mapping_fingerprint, s.primary_digest, s.supplement_digest, s.edited_xid is null as is_ours,
      c.number as created_by, u.number as updated_by
    from students s left join orgs o on o.id = s.school_id
      left join runs c on c.id = s.created_run_id left join runs u on u.id = s.updated_run_id`,
  orgs: `
    select o.source_key, o.name, o.type, o.identifier, o.parent_source_key, o.is_active, c.number as created_by
    from orgs o left join runs c on c.id = o.created_run_id`,
  runs: `
    select runs.number, r.state, r.counts, r.planned_counts, r.finding_counts, r.findings_by_rule, r.hold, r.staging,
      r.plan_no, r.failure, r.closed_reason, r.input_sha256, r.roster_version, r.mapping_fingerprint
    from import_runs r join runs on runs.id = r.id`,
  planRows: `
    select runs.number, p.plan_no, p.action, coalesce(s.sis_id, 'new') as sis_id, o.source_key as school, p.revision,
      p.reason, p.changes
    from plan_rows p join runs on runs.id = p.run_id left join students s on s.id = p.record_id
      left join orgs o on o.id = p.school_id`,
  stagedRows: `
    select runs.number, s.line, s.kind, s.parts, s.sis_id, s.source_key, o.source_key as school, s.primary_digest,
      s.supplement_digest, p.action
    from staged_students s join runs on runs.id = s.run_id join import_runs r on r.id = s.run_id
      left join plan_rows p on p.run_id = s.run_id and p.plan_no = r.plan_no and p.seq = s.seq
      left join orgs o on o.id = s.school_id`,
  planCounts: `
    select runs.number, p.action, o.source_key as school, p.count
    from plan_counts p join runs on runs.id = p.run_id left join orgs o on o.id = p.school_id`,
  appliedBatches: `
    select runs.number, b.plan_no, b.part, b.batch_no, b.first_seq, b.last_seq, b.rows, b.counts
    from applied_batches b join runs on runs.id = b.run_id`,
  journal: `
    select runs.number, j.plan_no, j.data_type, s.sis_id, j.action, j.before, j.revision
    from journal j join runs on runs.id = j.run_id left join students s on s.id = j.record_id`,
  findings: `
    select runs.number, f.step, f.rule, f.severity, f.file, f.line, f."column", f.source_id, f.message
    from run_findings f join runs on runs.id = f.run_id`,
  versions: `
    select v.data_type, v.version, runs.number as last_run, v.last_applied_sha256, v.last_applied_fingerprint
    from dataset_versions v left join runs on runs.id = v.last_run_id`,
  decisions: 'select a.action, a.actor from audit_log a',
}

const runs = 'with runs as (select id, row_number() over (order by created_at, id) as number from import_runs)'

export type TableDigests = Readonly<Record<string, { readonly count: number; readonly digest: string }>>

/** One digest and the number of rows of each table; equal digests mean equal rows. */
export async function digestTables(district: DistrictOnStack): Promise<TableDigests> {
  const digests: Record<string, { count: number; digest: string }> = {}
  for (const [table, rows] of Object.entries(comparable)) {
    const [digest] = await district.query<{ count: number; digest: string }>(`${runs}
      select count(*)::int as count, md5(coalesce(string_agg(t::text, e'\\n' order by t::text collate "C"), '')) as digest
      from (${rows}) t`)
    assert.ok(digest)
    digests[table] = digest
  }
  return digests
}

/** Every row of a table as text, for telling what differs. */
export async function listRows(district: DistrictOnStack, table: string): Promise<string[]> {
  const rows = await district.query<{ row: string }>(
    `${runs} select t::text as row from (${comparable[table] ?? ''}) t order by 1`,
  )
  return rows.map(({ row }) => row)
}
