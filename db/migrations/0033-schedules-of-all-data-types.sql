-- A schedule may be for all data types of a connection: it starts an import set, whose input is still at the source.

alter table schedule_firings
  -- Data types of which an import has to be completed first.
  add column waits_for text[] not null default '{}',
  -- The import set that was started, or the one that was in the way.
  add column set_id uuid;

alter table import_sets
  -- Null until it is fetched; always where each run reads pages of its own.
  alter column input_file_id drop not null,
  alter column input_sha256 drop not null,
  alter column input_bytes drop not null,
  -- The time at which its schedule was due; null where somebody asked for it.
  add column due_at timestamptz,
  -- What was seen at the source when it was looked at last: whether a package is whole takes a second look.
  add column look jsonb;
create index on import_sets (connection_id, created_at desc);
