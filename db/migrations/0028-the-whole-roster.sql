-- Eight data types besides students, and what a data type needs so that the next one is a few lines here.

-- What the source says of a record in several rows of another collection (teachers of a class, children of a guardian) is
-- folded into the record, and has a digest of its own.
alter table students add column gathered_digest bigint;
alter table staged_students
  add column gathered_digest bigint,
  -- Fields of the row that refer to something we do not hold.
  add column unresolved text[];

-- As in 0008, and one more digest goes with the others.
create or replace function rollbook_record_changed() returns trigger language plpgsql as $$
declare
  applying text := coalesce(current_setting('rollbook.applying', true), '');
  changed jsonb;
begin
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
    new.gathered_digest := null;
    new.edited_xid := pg_current_xact_id();
    select jsonb_object_agg(after.key, jsonb_build_array(before.value, after.value)) into changed
    from jsonb_each(to_jsonb(new)) after join jsonb_each(to_jsonb(old)) before using (key)
    where after.value is distinct from before.value
      and after.key not in ('revision', 'updated_at', 'primary_digest', 'supplement_digest', 'gathered_digest', 'edited_xid',
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

-- The tables of a data type: its records, and the rows that a run staged. `fields` are the columns of its fields as in
-- "create table"; the first of `keys` is unique in a district, and each of them is searched by. `expected` are columns
-- whose blanks are counted at the end of every run. A row has no foreign keys (docs/decisions/0006).
create function rollbook_create_data_type(records text, fields text, keys text[], expected text[] default '{}')
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
      %s,
      custom_fields jsonb,
      primary key (run_id, seq)
    )$table$, staged, replace(fields, ' not null', ''));
  perform rollbook_isolate(staged::regclass, 'select, insert, delete, maintain');
end
$$;
revoke execute on function rollbook_create_data_type(text, text, text[], text[]) from public;

-- Keys compare by bytes: faster than by language, and the same order on every server.
select rollbook_create_data_type('staff', '
  sis_id text collate "C" not null,
  source_key text collate "C",
  given_name text not null,
  family_name text not null,
  email text not null,
  username text,
  roles text[] not null,
  school_ids uuid[] not null', array['sis_id', 'source_key']);

select rollbook_create_data_type('guardians', '
  sis_id text collate "C" not null,
  source_key text collate "C",
  given_name text not null,
  family_name text not null,
  email text,
  phone text,
  username text,
  relationship text,
  student_ids uuid[] not null', array['sis_id', 'source_key']);

select rollbook_create_data_type('course_catalog', '
  course_id text collate "C" not null,
  academic_year integer,
  name text not null,
  subject_area text,
  credits numeric,
  grade_low text,
  grade_high text,
  state_id text,
  sced_subject text,
  sced_course text,
  description text,
  instructional_level text,
  cte text,
  prerequisite_note text,
  prerequisites text[],
  corequisites text[],
  recommended text[],
  repeatable text,
  equivalencies text[],
  credit_type text,
  gpa_weight numeric,
  source_key text collate "C"', array['course_id', 'source_key'],
  array['academic_year', 'subject_area', 'credits', 'grade_low', 'grade_high']);

select rollbook_create_data_type('course_mapping', '
  course_id uuid not null,
  school_id uuid not null,
  source_key text collate "C" not null', array['source_key']);

select rollbook_create_data_type('current_courses', '
  student_id uuid not null,
  course_id uuid not null,
  grade_level text,
  term text,
  course_name text,
  teacher text,
  credits_attempted numeric,
  section_id text,
  school_id uuid,
  begin_date date,
  end_date date,
  source_key text collate "C" not null', array['source_key']);

select rollbook_create_data_type('course_history', '
  student_id uuid not null,
  course_id uuid not null,
  grade_level text not null,
  term text,
  course_name text,
  teacher text,
  credits_attempted numeric not null,
  credits_earned numeric not null,
  letter_grade text,
  score numeric,
  section_id text,
  school_id uuid,
  academic_year integer,
  source_key text collate "C" not null', array['source_key']);

select rollbook_create_data_type('classes', '
  sis_id text collate "C" not null,
  title text not null,
  course_code text not null,
  school_id uuid not null,
  term_ids text[] not null,
  subject text,
  grades text[],
  periods text[],
  teacher_ids uuid[] not null,
  source_key text collate "C"', array['sis_id', 'source_key']);

select rollbook_create_data_type('enrollments', '
  sis_id text collate "C" not null,
  class_id uuid not null,
  user_id uuid not null,
  role text not null,
  begin_date date,
  end_date date,
  "primary" text,
  source_key text collate "C",
  school_id uuid', array['sis_id', 'source_key']);
