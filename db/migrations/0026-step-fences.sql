-- A statement that took too long has the tables counted that it joins.
grant maintain on journal, undo_batches, duplicate_cases to rollbook_app;

-- Which attempt at a step of the run may write: one that was given up for dead, and lives, has an older number.
alter table import_runs add column step_fence integer not null default 0;
