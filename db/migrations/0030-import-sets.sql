-- One input for several data types: a run for each, in the order of what they refer to.

create table import_sets (
  id uuid primary key,
  district_id uuid not null,
  connection_id uuid not null,
  workflow_id text not null,
  input_file_id uuid not null,
  input_sha256 text not null,
  input_bytes bigint not null,
  is_test boolean not null,
  approve_hold boolean not null,
  requested_by text not null,
  created_at timestamptz not null default now(),
  finished_at timestamptz
);
create index on import_sets (district_id) where finished_at is null;
select rollbook_isolate('import_sets', 'select, insert, update');
create trigger note_owners after insert on import_sets referencing new table as added
  for each statement execute function rollbook_note_owners();
create trigger forget_owners after delete on import_sets referencing old table as removed
  for each statement execute function rollbook_forget_owners();

create table import_set_runs (
  district_id uuid not null,
  set_id uuid not null,
  place smallint not null,
  data_type text not null,
  -- Null until it begins; with a reason it never does.
  run_id uuid,
  reason text,
  primary key (set_id, place)
);
select rollbook_isolate('import_set_runs', 'select, insert, update');
