-- How much of what the last run does was done when a run read what is held: batches that come after that make its plan
-- stale, although the version of the records is the same.
alter table import_runs add column roster_batches integer;
