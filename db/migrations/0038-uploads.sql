-- Packages that come in pieces, over several connections if need be (docs/decisions/0047-uploads-that-go-on.md).
create table uploads (
  id uuid primary key default uuidv7(),
  district_id uuid not null,
  name text not null,
  expected_bytes bigint not null,
  expected_sha256 text,
  -- What is kept of it; the whole once completed_at is set.
  received_bytes bigint not null default 0,
  -- Which sender may write: one whose connection nobody hears any more has an older number.
  append_no integer not null default 0,
  -- The archived file that it becomes; another one when the same bytes were kept before. Null once that was removed.
  file_id uuid references archived_files on delete set null,
  sha256 text,
  created_by text not null,
  created_at timestamptz not null default now(),
  touched_at timestamptz not null default now(),
  completed_at timestamptz
);
create index on uploads (district_id, touched_at);
create index on uploads (file_id);
select rollbook_isolate('uploads', 'select, insert, update, delete');
create trigger note_owners after insert on uploads referencing new table as added
  for each statement execute function rollbook_note_owners();
create trigger forget_owners after delete on uploads referencing old table as removed
  for each statement execute function rollbook_forget_owners();
