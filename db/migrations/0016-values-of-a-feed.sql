-- What a value of a feed means may depend on what we hold.

-- The calendar year in which the academic year ends by which the run made class years out of grades: that of the feed,
-- which turns over when the source does (domain/mapping/academic-year.ts).
alter table import_runs add academic_year integer;

-- Until now it was the year of the day. A session sees the rows of the district that it has named, and no others.
do $$
declare
  district record;
begin
  for district in select id, time_zone from districts loop
    perform set_config('rollbook.district_id', district.id::text, true);
    update import_runs run
    set academic_year = extract(year from run.started_at at time zone district.time_zone)::integer
      + case when to_char(run.started_at at time zone district.time_zone, 'MM-DD')
          >= coalesce(mapping.document ->> 'academicYearTurnsOn', '07-01') then 1 else 0 end
    from mapping_versions mapping
    where run.district_id = district.id and mapping.id = run.mapping_version_id and run.started_at is not null and not run.is_resolution;
  end loop;
  perform set_config('rollbook.district_id', '', true);
end
$$;

-- Every school that the source lists for the student, where there are several: the one we hold is kept while it is among them.
alter table staged_students add school_id_choices uuid[];
