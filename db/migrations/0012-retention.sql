-- How long logs and inputs are kept: when the log of a run was removed, and since when nobody asked for an input.

alter table import_runs
  -- Set when the removal of its log begins: from then on nobody is shown a part of it. For how many days it was kept.
  add column log_kept_days integer,
  -- When the last of it was gone.
  add column log_purged_at timestamptz;
create index import_runs_with_log on import_runs (district_id, finished_at) where log_purged_at is null;
create index on import_runs (input_file_id) where input_file_id is not null;

-- When it came, came again, or was taken for another run: an input is kept for so long after that, too. What was there
-- before this migration is as new as this migration.
alter table archived_files add column wanted_at timestamptz not null default now();
create index on archived_files (district_id, wanted_at);
