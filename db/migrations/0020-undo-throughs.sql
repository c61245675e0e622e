-- One wish to take back a run and what changed the records after it. Each run of it is undone by an undo of its own, in
-- the order of `run_ids`; this says what was meant, and why the rest was left.
create table undo_throughs (
  -- Of the first execution of the workflow that carries it out, so that whoever asks again finds the same one.
  id uuid primary key,
  district_id uuid not null references districts,
  -- The oldest of them, which somebody asked for.
  run_id uuid not null,
  run_ids uuid[] not null,
  state text not null default 'undoing' check (state in ('undoing', 'done', 'stopped')),
  stopped_reason text,
  requested_by text not null,
  created_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz
);
create unique index undo_throughs_open on undo_throughs (run_id) where state = 'undoing';
create index on undo_throughs (run_id, created_at);
select rollbook_isolate('undo_throughs', 'select, insert, update');
