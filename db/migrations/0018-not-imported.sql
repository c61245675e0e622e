-- What the source sends and no run has taken: told until the source mends it.

-- For each data type the records that are left out now. An input with changes only says nothing of the records it does
-- not name, so they must be known one by one: a count could not say which of them have come in since.
create table not_imported (
  district_id uuid not null,
  data_type text not null,
  -- Null: the id of the row could not be read.
  source_key text collate "C",
  -- The row as the run found it, for those who look for it in the file.
  run_id uuid not null,
  line integer,
  rule text not null,
  is_held boolean not null
);
create index on not_imported (district_id, data_type, source_key);
select rollbook_isolate('not_imported', 'select, insert, delete');

alter table alerts
  -- Of `notImported`, whose `field` is the rule: how many are nobody we hold, and how many we hold. `count` is both.
  add column new_count integer,
  add column held_count integer;

-- A worker of the release before still writes 'missingRequired'; the next run of this one closes it.
alter table alerts drop constraint alerts_kind_check;
alter table alerts add constraint alerts_kind_check check (kind in
  ('missingRequired', 'missingExpected', 'unmappedCode', 'duplicateCase', 'identityConflict', 'notImported'));

-- A missing required field is one of the reasons for which a record is not imported. Several fields of a data type become
-- one alert; the next run counts it anew, and new and held apart. Forced, the policy would hide every row from the owner.
alter table alerts no force row level security;
insert into alerts (district_id, data_type, run_id, kind, field, count, opened_at, reminders)
select district_id, data_type, (array_agg(run_id order by run_id desc))[1], 'notImported', 'I-03', sum(count),
  min(opened_at), max(reminders)
from alerts where kind = 'missingRequired' and closed_at is null
group by district_id, data_type;
update alerts set closed_at = now() where kind = 'missingRequired' and closed_at is null;
alter table alerts force row level security;
