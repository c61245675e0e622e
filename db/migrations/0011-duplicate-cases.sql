-- Duplicate cases: incoming records that may be somebody we hold, what people decided about them, and what is
-- remembered of it. The database owns them; a run only finds them.

alter table import_runs
  -- It carries decisions about duplicate cases out, and reads no input.
  add column is_resolution boolean not null default false;

alter table alerts drop constraint alerts_kind_check;
alter table alerts add constraint alerts_kind_check
  check (kind in ('missingRequired', 'missingExpected', 'unmappedCode', 'duplicateCase'));

-- What a plan came upon; it becomes a case when the plan is applied. `seq` is that of the staged row.
create table duplicate_finds (
  district_id uuid not null,
  run_id uuid not null,
  seq integer not null,
  -- Null while the lines of the run are not drawn yet.
  strength text check (strength in ('likely', 'possible')),
  -- 'resembles' somebody; or 'idReused': the id is that of a record with another name and birth date.
  reason text not null check (reason in ('resembles', 'idReused')),
  -- [{ recordId, score, evidence, twin, explanation }], best first. Names of fields, never a value.
  candidates jsonb not null,
  primary key (run_id, seq)
);
select rollbook_isolate('duplicate_finds', 'select, insert, update, delete, maintain');

create table duplicate_cases (
  id uuid primary key default uuidv7(),
  district_id uuid not null,
  data_type text not null,
  connection_id uuid not null,
  -- The run that saw it last, and the staged row there.
  run_id uuid not null,
  seq integer not null,
  -- The first key of the incoming record, by which the next run knows the case again.
  incoming_key text collate "C" not null,
  strength text not null,
  reason text not null,
  candidates jsonb not null,
  -- The record that was created of it; null where it was not imported.
  incoming_record_id uuid,
  state text not null default 'open' check (state in ('open', 'processed', 'unmerged', 'closed')),
  decision text check (decision in ('match', 'create')),
  decided_record_id uuid,
  decided_by text,
  decided_at timestamptz,
  -- The run that is carrying the decision out, or takes it back; null when none is at it.
  processing_run_id uuid,
  processed_run_id uuid,
  -- What a match changed in the record, { field: [old, new] }, and the incoming row: a match can be taken back long after.
  changes jsonb,
  incoming jsonb,
  closed_reason text,
  opened_at timestamptz not null default now()
);
create unique index duplicate_cases_open on duplicate_cases (district_id, data_type, connection_id, incoming_key)
  where state = 'open';
create index on duplicate_cases (processing_run_id) where processing_run_id is not null;
create index on duplicate_cases (processed_run_id) where processed_run_id is not null;
select rollbook_isolate('duplicate_cases', 'select, insert, update');

-- Ids that a merged record had: whoever comes in under one is that record, so that no ghost of it is created.
create table record_aliases (
  district_id uuid not null,
  data_type text not null,
  field text not null,
  value text collate "C" not null,
  record_id uuid not null,
  case_id uuid not null,
  primary key (district_id, data_type, field, value)
);
select rollbook_isolate('record_aliases', 'select, insert, update, delete');

-- Pairs that a person has said are two people: they are not asked about again.
create table known_strangers (
  district_id uuid not null,
  data_type text not null,
  incoming_key text collate "C" not null,
  record_id uuid not null,
  case_id uuid not null,
  primary key (district_id, data_type, incoming_key, record_id)
);
select rollbook_isolate('known_strangers', 'select, insert, delete');

-- Staged rows of a run whose record is known otherwise than by a key: by an alias, or by a decision. Null: a decision
-- that it is nobody we hold, whatever its keys.
create table given_matches (
  district_id uuid not null,
  run_id uuid not null,
  seq integer not null,
  record_id uuid,
  primary key (run_id, seq)
);
select rollbook_isolate('given_matches', 'select, insert, delete');

-- What the staged rows of a resolution are for.
create table resolution_rows (
  district_id uuid not null,
  run_id uuid not null,
  seq integer not null,
  case_id uuid not null,
  -- 'incoming': the record of the case; 'yields': a record that gives its ids up; 'restored': gets back what a match
  -- changed in it; 'returned': a merged record that comes back.
  role text not null check (role in ('incoming', 'yields', 'restored', 'returned')),
  record_id uuid,
  primary key (run_id, seq)
);
select rollbook_isolate('resolution_rows', 'select, insert, delete');
