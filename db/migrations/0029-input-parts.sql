-- An input that a source gives page by page. Its bytes are the chunks of one archived file, one part after the other;
-- each part begins with a chunk of its own, so that one is kept or taken away whole.
create table input_parts (
  district_id uuid not null,
  file_id uuid not null references archived_files on delete cascade,
  part_no integer not null,
  collection text not null,
  name text not null,
  -- Where the source goes on after it, in the connector's own words; null where its collection has ended.
  next text,
  -- What the source said of it besides its bytes.
  facts jsonb not null default '{}',
  first_chunk integer not null,
  bytes bigint not null,
  sha256 text not null,
  kept_at timestamptz not null default now(),
  primary key (file_id, part_no)
);
select rollbook_isolate('input_parts', 'select, insert');

-- Whose input it is to become, until its last part is kept.
alter table archived_files add column fetching_run_id uuid;
create unique index on archived_files (fetching_run_id) where fetching_run_id is not null;
