-- Which school of a source is which of ours (docs/decisions/0051-schools-are-matched.md).

-- The ids by which a school is known outside its own system, where the source gives them.
alter table orgs
  add column nces_id text not null default '',
  add column state_id text not null default '';

alter table connections
  -- Whether a school that the source shows for the first time becomes one of ours by itself, or waits for somebody.
  add column new_schools text not null default 'create' check (new_schools in ('create', 'ask')),
  -- Counts the changes of what a row becomes by its school: digests that were made before one no longer say "unchanged".
  add column schools_version integer not null default 0;

-- Every org that a source has shown, as it showed it last.
create table connection_schools (
  district_id uuid not null references districts,
  connection_id uuid not null references connections,
  source_key text collate "C" not null,
  name text not null,
  type text not null,
  identifier text not null default '',
  nces_id text not null default '',
  state_id text not null default '',
  parent_source_key text not null default '',
  is_active boolean not null default true,
  -- open: nobody has decided yet. unmatched: somebody took the match back. Of both, and of leftOut, no row is imported.
  state text not null default 'open' check (state in ('open', 'matched', 'unmatched', 'leftOut')),
  org_id uuid references orgs,
  -- Null where it was matched by itself.
  decided_by text,
  decided_at timestamptz,
  first_seen_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  -- Since when inputs that are complete do not have it.
  gone_since timestamptz,
  primary key (connection_id, source_key),
  check ((state = 'matched') = (org_id is not null))
);
-- Two schools of a source in one of ours could not be told apart again.
create unique index connection_schools_one_each on connection_schools (connection_id, org_id) where org_id is not null;
select rollbook_isolate('connection_schools', 'select, insert, update');

-- The key of the row's school at the source, where that is none of ours.
do $$
declare
  staged text;
begin
  foreach staged in array array['students', 'staff', 'guardians', 'course_catalog', 'course_mapping', 'classes',
    'current_courses', 'course_history', 'enrollments'] loop
    execute format('alter table %I add column outside_school text collate "C"', 'staged_' || staged);
  end loop;
end
$$;

-- As in 0028, with that column.
create or replace function rollbook_create_data_type(records text, fields text, keys text[], expected text[] default '{}')
returns void language plpgsql as $$
declare
  staged text := 'staged_' || records;
  key text;
begin
  execute format($table$
    create table %I (
      id uuid primary key default uuidv7(),
      district_id uuid not null,
      %s,
      custom_fields jsonb,
      status text not null default 'active' check (status in ('active', 'inactive')),
      revision integer not null default 1,
      connection_id uuid,
      mapping_fingerprint bigint,
      primary_digest bigint,
      supplement_digest bigint,
      gathered_digest bigint,
      primary_modified_at timestamptz,
      supplement_modified_at timestamptz,
      edited_xid xid8,
      created_run_id uuid,
      updated_run_id uuid,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      unique (district_id, %I)
    ) with (fillfactor = 92)$table$, records, fields, keys[1]);
  foreach key in array keys[2:] loop
    execute format('create index on %I (district_id, %I)', records, key);
  end loop;
  execute format('create index on %I (district_id) where edited_xid is not null', records);
  foreach key in array expected loop
    execute format('create index on %I (district_id) where status = ''active'' and %I is null', records, key);
  end loop;
  execute format('create trigger %I before update on %I for each row
    when (current_setting(''rollbook.applying'', true) is distinct from ''undo'')
    execute function rollbook_record_changed()', records || '_changed', records);
  perform rollbook_isolate(records::regclass, 'select, insert, update, maintain');

  execute format($table$
    create table %I (
      district_id uuid not null,
      run_id uuid not null,
      seq integer not null,
      line integer not null,
      kind smallint not null,
      parts smallint not null,
      primary_digest bigint,
      supplement_digest bigint,
      gathered_digest bigint,
      primary_modified_at timestamptz,
      supplement_modified_at timestamptz,
      unresolved text[],
      outside_school text collate "C",
      %s,
      custom_fields jsonb,
      primary key (run_id, seq)
    )$table$, staged, replace(fields, ' not null', ''));
  perform rollbook_isolate(staged::regclass, 'select, insert, delete, maintain');
end
$$;

-- How many rows of a run were skipped for their school.
create table run_school_skips (
  district_id uuid not null,
  run_id uuid not null,
  reason text not null check (reason in ('notMatched', 'leftOut', 'notChosen')),
  -- Of the source, where it is none of ours; else `school_id`. Neither: the row did not say, and its record did.
  source_key text,
  school_id uuid,
  name text not null,
  row_count integer not null,
  -- Those of them whose record we hold as active: it stays as it is.
  held_count integer not null
);
create index on run_school_skips (run_id);
select rollbook_isolate('run_school_skips', 'select, insert, delete');

-- Until now a school was found by its key alone, whatever connection named it. Forced, the policy would hide every row
-- from the owner.
alter table orgs no force row level security;
alter table connections no force row level security;
alter table import_runs no force row level security;
alter table connection_schools no force row level security;
insert into connection_schools (district_id, connection_id, source_key, name, type, identifier, parent_source_key, is_active,
  state, org_id, first_seen_at, seen_at)
select o.district_id, c.id, o.source_key, o.name, o.type, o.identifier, o.parent_source_key, o.is_active,
  'matched', o.id, o.created_at, o.created_at
from connections c join orgs o on o.district_id = c.district_id
where exists (select from import_runs r where r.connection_id = c.id);
alter table orgs force row level security;
alter table connections force row level security;
alter table import_runs force row level security;
alter table connection_schools force row level security;
