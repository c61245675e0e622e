-- What was kept for ever: values of decided cases, closed alarms, and what came of each start of a schedule.

-- For how many days the values of a case were kept that are gone now; null while they are there.
alter table duplicate_cases add column kept_days integer;
create index duplicate_cases_with_values on duplicate_cases (district_id, decided_at)
  where kept_days is null and state <> 'open';

grant delete on alarms to rollbook_app;
create index alarms_closed on alarms (district_id, closed_at) where closed_at is not null;
create index schedule_firings_decided on schedule_firings (district_id, decided_at);
