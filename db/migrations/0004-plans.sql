-- Plans, what was applied of them, and the before-images that undo reads. The same for every data type.

create table dataset_versions (
  district_id uuid not null references districts,
  data_type text not null,
  version bigint not null default 0,
  last_run_id uuid,
  last_applied_sha256 text,
  last_applied_fingerprint text,
  primary key (district_id, data_type)
);
select rollbook_isolate('dataset_versions', 'select, insert, update');

-- Digests of held records whose unchanged row was not met in the run's input: the record was changed, or is absent.
create table staged_unseen (
  district_id uuid not null,
  run_id uuid not null,
  primary_digest bigint not null
);
create index on staged_unseen (run_id);
select rollbook_isolate('staged_unseen', 'select, insert, delete, maintain');

-- One row for each record that a run would touch, or does not and says why. `seq` is that of the staged row where
-- there is one; absent records follow after the last staged row. What a run creates has no row here: it is every
-- staged record that no row names (db/staging/planned-creates.ts), which a first import has a million of.
create table plan_rows (
  district_id uuid not null,
  run_id uuid not null,
  plan_no smallint not null,
  seq integer not null,
  action text not null check (action in ('update', 'deactivate', 'reactivate', 'unchanged', 'skip')),
  record_id uuid,
  school_id uuid,
  -- Of the record when the plan was made; another one at apply means that the plan is stale.
  revision integer,
  -- Why a row is skipped, or an absent record deactivated.
  reason text,
  -- { field: [old, new] }
  changes jsonb,
  primary key (run_id, plan_no, seq)
);
select rollbook_isolate('plan_rows', 'select, insert, update, delete, maintain');

create table plan_counts (
  district_id uuid not null,
  run_id uuid not null,
  action text not null,
  school_id uuid,
  count integer not null,
  unique nulls not distinct (run_id, action, school_id)
);
select rollbook_isolate('plan_counts', 'select, insert, delete');

-- Written in the transaction of the batch itself: a batch is applied exactly once, whatever is killed when.
create table applied_batches (
  district_id uuid not null,
  run_id uuid not null,
  plan_no smallint not null,
  -- 'safe' or 'deactivations'
  part text not null,
  batch_no integer not null,
  first_seq integer not null,
  last_seq integer not null,
  rows integer not null default 0,
  counts jsonb not null default '{}',
  applied_at timestamptz not null default now(),
  primary key (run_id, plan_no, part, batch_no)
);
select rollbook_isolate('applied_batches', 'select, insert, update');

-- Before-images of applied updates, deactivations and reactivations. A create has none to keep: what a run created is
-- known by the records' ids, which begin as the run's.
create table journal (
  district_id uuid not null,
  run_id uuid not null,
  plan_no smallint not null,
  seq integer not null,
  data_type text not null,
  record_id uuid not null,
  action text not null,
  -- Old value of each changed field, and of status.
  before jsonb not null,
  -- Of the record after the change: another one later means that somebody else has been there since.
  revision integer not null,
  applied_at timestamptz not null default now(),
  primary key (run_id, plan_no, seq)
);
create index on journal (district_id, record_id);
select rollbook_isolate('journal', 'select, insert, delete');

-- For every table of records. Whoever changes a record outside an apply (a person, undo) makes its digests worthless:
-- the next import must compare it whole. edited_xid says when in terms of transactions, because a run that read the
-- digests before this change must not take the missing digest for an absent record.
-- An apply that only writes new digests on an unchanged record ('digests') changes nothing that anybody sees.
create function rollbook_record_changed() returns trigger language plpgsql as $$
declare
  applying text := coalesce(current_setting('rollbook.applying', true), '');
begin
  if applying <> 'digests' then
    new.revision := old.revision + 1;
    new.updated_at := now();
  end if;
  if applying not in ('records', 'digests') then
    new.primary_digest := null;
    new.supplement_digest := null;
    new.edited_xid := pg_current_xact_id();
  end if;
  return new;
end
$$;
