-- A schedule whose data type refers to records that were never imported waits for them, and says so.

alter table schedule_firings
  -- Data types of which an import has to be completed first.
  add column waits_for text[] not null default '{}';
