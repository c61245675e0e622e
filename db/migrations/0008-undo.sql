-- Undo: a run that takes another one back, what it could not take back, and who changed records besides the runs.

alter table import_runs
  -- The run that this one takes back; null for an import.
  add column undo_of uuid,
  -- The version of the records that the run made: the order in which runs changed them, whatever the clocks say.
  add column applied_version bigint,
  -- When the before-images went; from then on the run cannot be undone.
  add column journal_purged_at timestamptz;
-- Two requests at once make one undo. One that found nothing to do any more may be followed by another.
create unique index import_runs_one_undo on import_runs (undo_of) where state <> 'discarded';
create index on import_runs (district_id, data_type, applied_version) where applied_version is not null;
update import_runs run set applied_version = held.version
from dataset_versions held where held.last_run_id = run.id;

-- With the value a run wrote beside the one it found, whoever changed the field since can be told, field by field.
-- Null in rows of an earlier release: then any change of the record since counts as one of every field.
alter table journal add column after jsonb;

-- Changes outside of runs: by a person, by whatever else writes to the table. Written by the trigger below, so that none
-- can be forgotten. Columns, not fields: { column: [old, new] }.
create table record_edits (
  id uuid primary key default uuidv7(),
  district_id uuid not null,
  record_id uuid not null,
  -- Of the record after the edit, as in journal.
  revision integer not null,
  changes jsonb not null,
  by text not null,
  edited_at timestamptz not null default clock_timestamp()
);
create index on record_edits (district_id, record_id);
select rollbook_isolate('record_edits', 'select, insert, delete');

-- What is left of a purged journal: which run changed which field of whom and when, without the values.
create table record_changes (
  district_id uuid not null,
  run_id uuid not null,
  plan_no smallint not null,
  seq integer not null,
  record_id uuid not null,
  action text not null,
  fields text[] not null,
  applied_at timestamptz not null default now(),
  primary key (run_id, plan_no, seq)
);
create index on record_changes (district_id, record_id);
select rollbook_isolate('record_changes', 'select, insert, delete');

-- How an undo is divided, fixed when it begins; a batch is marked in the transaction that does it. Batches of a phase
-- may go side by side, phases follow each other.
create table undo_batches (
  district_id uuid not null,
  run_id uuid not null,
  batch_no integer not null,
  phase smallint not null,
  part text not null check (part in ('journal', 'created')),
  -- Of the journal that is read backwards.
  plan_no smallint,
  first_seq integer,
  last_seq integer,
  -- Of the records that the undone import created.
  first_id uuid,
  last_id uuid,
  rows integer not null,
  counts jsonb not null default '{}',
  done_at timestamptz,
  primary key (run_id, batch_no)
);
select rollbook_isolate('undo_batches', 'select, insert, update');

-- What an undo left as it is, and why.
create table undo_skips (
  district_id uuid not null,
  run_id uuid not null,
  record_id uuid not null,
  field text not null,
  reason text not null check (reason in ('changedByPerson', 'changedByRun', 'changedSince', 'idTaken')),
  -- Who changed it: a person's name or the id of a run.
  by text,
  -- The record was created by the undone import and stayed as it was.
  of_created boolean not null default false
);
create index on undo_skips (run_id, record_id);
select rollbook_isolate('undo_skips', 'select, insert');

-- As in 0004, and besides that it writes down what was changed outside of an apply, and by whom if the session says so.
create or replace function rollbook_record_changed() returns trigger language plpgsql as $$
declare
  applying text := coalesce(current_setting('rollbook.applying', true), '');
  changed jsonb;
begin
  -- An undo numbers the revisions itself; the condition of the trigger spares it the call, where the table has it.
  if applying = 'undo' then
    return new;
  end if;
  if applying <> 'digests' then
    new.revision := old.revision + 1;
    new.updated_at := now();
  end if;
  if applying not in ('records', 'digests') then
    new.primary_digest := null;
    new.supplement_digest := null;
    new.edited_xid := pg_current_xact_id();
    select jsonb_object_agg(after.key, jsonb_build_array(before.value, after.value)) into changed
    from jsonb_each(to_jsonb(new)) after join jsonb_each(to_jsonb(old)) before using (key)
    where after.value is distinct from before.value
      and after.key not in ('revision', 'updated_at', 'primary_digest', 'supplement_digest', 'edited_xid',
        'connection_id', 'mapping_fingerprint', 'created_run_id', 'updated_run_id', 'created_at');
    if changed is not null then
      insert into record_edits (district_id, record_id, revision, changes, by)
      values (new.district_id, new.id, new.revision, changed,
        coalesce(nullif(current_setting('rollbook.edited_by', true), ''), session_user));
    end if;
  end if;
  return new;
end
$$;

-- A fifth of what changing a record costs.
drop trigger students_changed on students;
create trigger students_changed before update on students for each row
  when (current_setting('rollbook.applying', true) is distinct from 'undo')
  execute function rollbook_record_changed();
