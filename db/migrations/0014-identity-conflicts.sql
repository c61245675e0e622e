-- Identity conflicts: incoming records whose ids lead to different records, or to somebody else than the rest of the
-- row says. They are cases like duplicates; several that exchanged their ids are one case.

alter table duplicate_finds drop constraint duplicate_finds_reason_check;
alter table duplicate_finds add constraint duplicate_finds_reason_check
  check (reason in ('resembles', 'idReused', 'keysDisagree'));
alter table duplicate_finds
  -- The row under which this one is asked about; null where it is asked about by itself.
  add column lead_seq integer;

alter table duplicate_cases drop constraint duplicate_cases_decision_check;
alter table duplicate_cases add constraint duplicate_cases_decision_check
  check (decision in ('match', 'create', 'leave'));

-- The other incoming records of a case that is about several, to be decided together.
create table case_members (
  district_id uuid not null,
  case_id uuid not null,
  -- The run that saw it last, and the staged row there.
  run_id uuid not null,
  seq integer not null,
  incoming_key text collate "C" not null,
  candidates jsonb not null,
  primary key (case_id, seq)
);
select rollbook_isolate('case_members', 'select, insert, delete');

-- Pairs of ids of which a person said that the feed is wrong: rows that bear both are not imported, and not asked about
-- again. A side without an id is ''.
create table feed_mistakes (
  district_id uuid not null,
  data_type text not null,
  first_key text collate "C" not null,
  second_key text collate "C" not null,
  case_id uuid not null,
  primary key (district_id, data_type, first_key, second_key)
);
select rollbook_isolate('feed_mistakes', 'select, insert, delete');

alter table alerts drop constraint alerts_kind_check;
alter table alerts add constraint alerts_kind_check check (
  kind in ('missingRequired', 'missingExpected', 'unmappedCode', 'duplicateCase', 'identityConflict', 'notImported'));
