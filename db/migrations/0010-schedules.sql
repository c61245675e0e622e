-- Schedules, what came of each of their starts, alarms, and inputs that connections fetch by themselves.

-- The truth of which Temporal's Schedules are a copy: api/schedule/keep-schedules.ts brings them in step by the revision.
create table schedules (
  district_id uuid not null references districts,
  connection_id uuid not null references connections,
  data_type text not null,
  settings jsonb not null,
  is_paused boolean not null default false,
  paused_by text,
  -- From when on runs are owed: made, changed or resumed.
  active_since timestamptz not null default now(),
  is_deleted boolean not null default false,
  revision integer not null default 1,
  pushed_revision integer not null default 0,
  -- What Temporal had counted when it was last asked: starts it left out by itself.
  seen_overlaps integer not null default 0,
  seen_missed integer not null default 0,
  created_at timestamptz not null default now(),
  primary key (connection_id, data_type)
);
create index schedules_unpushed on schedules (district_id) where revision <> pushed_revision;
select rollbook_isolate('schedules', 'select, insert, update, delete');

-- One row for each time a schedule was due, whatever came of it: nothing is left out silently.
create table schedule_firings (
  id uuid primary key default uuidv7(),
  district_id uuid not null references districts,
  connection_id uuid not null references connections,
  data_type text not null,
  -- Null where Temporal only counts what it left out.
  due_at timestamptz,
  decided_at timestamptz not null default now(),
  -- domain/schedule/firing-outcome.ts
  outcome text not null,
  -- The run that was started, or the one that was in the way.
  run_id uuid,
  -- A failure code, where looking at the source failed.
  code text,
  count integer not null default 1,
  unique (connection_id, data_type, due_at)
);
create index on schedule_firings (district_id, id desc);
select rollbook_isolate('schedule_firings', 'select, insert, delete');

-- The newest input that a connection's own source had.
create table fetched_inputs (
  district_id uuid not null references districts,
  connection_id uuid not null references connections,
  data_type text not null,
  name text not null,
  bytes bigint not null,
  modified_at timestamptz not null,
  file_id uuid not null,
  sha256 text not null,
  fetched_at timestamptz not null default now(),
  primary key (connection_id, data_type)
);
select rollbook_isolate('fetched_inputs', 'select, insert, update, delete');

-- What somebody should look at and nothing will tell by itself: a late feed, a run that does not get on. One row while
-- it lasts; it is closed by the check that finds it gone.
create table alarms (
  id uuid primary key default uuidv7(),
  district_id uuid not null references districts,
  -- domain/schedule/alarm.ts
  kind text not null,
  connection_id uuid not null references connections,
  data_type text not null,
  run_id uuid,
  facts jsonb not null default '{}',
  opened_at timestamptz not null default now(),
  closed_at timestamptz
);
create unique index alarms_open on alarms (district_id, kind, connection_id, data_type, run_id) nulls not distinct
  where closed_at is null;
create index on alarms (district_id, opened_at desc);
select rollbook_isolate('alarms', 'select, insert, update');

-- Its plan was made on a day on which only additions pass: its input is not what the records are in step with.
alter table import_runs add column is_additions_only boolean not null default false;
create index import_runs_open on import_runs (district_id, connection_id, data_type)
  where state in ('queued', 'validating', 'planned', 'held', 'applying');
