-- Import runs, their archived inputs, their findings and alerts.

-- The original input, as received, in pieces of one MiB (docs/decisions/): a worker's disk holds nothing, and one backup has it all.
-- An upload's hash is known at its end: until then is_complete is false and sha256 is null.
create table archived_files (
  id uuid primary key default uuidv7(),
  district_id uuid not null references districts,
  name text not null,
  sha256 text,
  bytes bigint not null default 0,
  is_complete boolean not null default false,
  created_at timestamptz not null default now(),
  check (not is_complete or sha256 is not null)
);
create unique index archived_files_content on archived_files (district_id, sha256) where is_complete;
select rollbook_isolate('archived_files', 'select, insert, update, delete');

create table archived_file_chunks (
  district_id uuid not null,
  file_id uuid not null references archived_files on delete cascade,
  chunk_no integer not null,
  data bytea not null,
  primary key (file_id, chunk_no)
);
-- A package is compressed already; PostgreSQL would try in vain, and a part of a chunk could not be read by itself.
alter table archived_file_chunks alter column data set storage external;
select rollbook_isolate('archived_file_chunks', 'select, insert, delete');

-- States and moves: domain/import-run.ts. The moves are checked there and not here, so that they stand in one place.
create table import_runs (
  id uuid primary key default uuidv7(),
  district_id uuid not null references districts,
  connection_id uuid not null references connections,
  data_type text not null,
  state text not null default 'queued',
  is_test boolean not null default false,
  approve_hold boolean not null default false,
  input_file_id uuid,
  input_sha256 text,
  input_bytes bigint,
  mapping_version_id uuid references mapping_versions,
  -- A signed 64-bit number as text: JavaScript has no number for it and only ever hands it back.
  mapping_fingerprint text,
  -- Which state of the records staging compared with: their version, and which transactions it saw.
  roster_version bigint,
  held_snapshot text,
  -- What staging found out about the input: complete, delta, rows read, rows rejected.
  staging jsonb,
  -- The plan in force. A new number begins when something of the plan before has been applied already.
  plan_no smallint not null default 0,
  -- Rows of that plan in one batch: fixed by the first who applies it, because batches are numbered by it.
  batch_rows integer,
  counts jsonb not null default '{}',
  planned_counts jsonb,
  finding_counts jsonb not null default '{}',
  findings_by_rule jsonb not null default '{}',
  hold jsonb,
  progress jsonb,
  failure jsonb,
  closed_reason text,
  rerun_of uuid,
  requested_by text not null,
  workflow_id text not null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  undo_until timestamptz
);
create index on import_runs (district_id, data_type, created_at desc);
create index on import_runs (district_id, created_at desc);
select rollbook_isolate('import_runs', 'select, insert, update');

-- No foreign key from here on to the tables that hold a row for each row of an input: checking one costs about four
-- microseconds a row, and everything that writes them has just read the run.
create table run_findings (
  district_id uuid not null,
  run_id uuid not null,
  seq bigint not null,
  -- 'stage' or 'plan': a step that is repeated clears its own.
  step text not null,
  rule text not null,
  severity text not null,
  file text,
  line integer,
  "column" text,
  source_id text,
  message text not null,
  primary key (run_id, seq)
);
select rollbook_isolate('run_findings', 'select, insert, delete');

create table alerts (
  id uuid primary key default uuidv7(),
  district_id uuid not null references districts,
  data_type text not null,
  run_id uuid not null,
  kind text not null check (kind in ('missingRequired', 'missingExpected', 'unmappedCode')),
  field text not null,
  code text,
  count integer not null,
  opened_at timestamptz not null default now(),
  closed_at timestamptz
);
-- The newest run adopts what is open already instead of opening it a second time.
create unique index alerts_open on alerts (district_id, data_type, kind, field, code) nulls not distinct
  where closed_at is null;
select rollbook_isolate('alerts', 'select, insert, update');
