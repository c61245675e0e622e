-- Students: the records, and the rows a run staged. Columns follow domain/data-types/students.ts.
-- No foreign keys on either: a check costs about four microseconds a row, a third of writing the row itself. What
-- they would guard, the plan guarantees: school ids come from a join with orgs, run ids from the run at work.

create table students (
  id uuid primary key default uuidv7(),
  district_id uuid not null,
  -- Keys compare by bytes: faster than by language, and the same order on every server.
  sis_id text collate "C" not null,
  source_key text collate "C",
  state_id text,
  username text,
  federated_id text,
  given_name text not null,
  middle_name text,
  family_name text not null,
  preferred_name text,
  birth_date date,
  sex text,
  ethnicity text,
  race text[],
  email text,
  phone text,
  street text,
  city text,
  state text,
  postal_code text,
  school_id uuid not null,
  grade_level text,
  class_year integer,
  gpa_weighted numeric,
  gpa_unweighted numeric,
  home_language text,
  ell_status text,
  counselor_id text,
  homeroom text,
  custom_fields jsonb,
  status text not null default 'active' check (status in ('active', 'inactive')),
  revision integer not null default 1,
  -- Where the values came from last, and the digests of the source rows under that mapping.
  connection_id uuid,
  mapping_fingerprint bigint,
  primary_digest bigint,
  supplement_digest bigint,
  -- Transaction of the last change made outside an apply; null when the last change was an apply.
  edited_xid xid8,
  created_run_id uuid,
  updated_run_id uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (district_id, sis_id)
)
-- Room for about two changed records on each page: then a change touches no index.
with (fillfactor = 92);
create index on students (district_id, source_key);
create index on students (district_id, school_id);
create index on students (district_id) where edited_xid is not null;
-- Expected fields that are blank are counted at the end of every run that changed something: without reading the table.
create index on students (district_id) where status = 'active' and grade_level is null;
create index on students (district_id) where status = 'active' and class_year is null;
create trigger students_changed before update on students for each row execute function rollbook_record_changed();
select rollbook_isolate('students', 'select, insert, update, maintain');

-- Logged, unlike most staging tables: a held plan waits for days and must survive a crash.
create table staged_students (
  district_id uuid not null,
  run_id uuid not null,
  seq integer not null,
  line integer not null,
  -- 1 to be imported, 2 withdrawn at the source, 3 rejected and 4 contested (they count as seen, no more)
  kind smallint not null,
  -- Bit 1: the primary collection's row is here; bit 2: the supplement's.
  parts smallint not null,
  primary_digest bigint,
  supplement_digest bigint,
  sis_id text collate "C",
  source_key text collate "C",
  state_id text,
  username text,
  federated_id text,
  given_name text,
  middle_name text,
  family_name text,
  preferred_name text,
  birth_date date,
  sex text,
  ethnicity text,
  race text[],
  email text,
  phone text,
  street text,
  city text,
  state text,
  postal_code text,
  school_id uuid,
  grade_level text,
  class_year integer,
  gpa_weighted numeric,
  gpa_unweighted numeric,
  home_language text,
  ell_status text,
  counselor_id text,
  homeroom text,
  custom_fields jsonb,
  primary key (run_id, seq)
);
select rollbook_isolate('staged_students', 'select, insert, delete, maintain');
