-- What a source of pages was asked for: whatever changed since `asked_since`, or everything where that is null, and when
-- the first page was asked for. Marks move with the runs that were applied, so that there is no second truth to keep in step.
alter table import_runs
  add column asked_at timestamptz,
  add column asked_since timestamptz,
  -- Digest of the settings of connection and configuration: under others, rows that did not change may matter.
  add column asked_under text;
