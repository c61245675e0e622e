-- Runs and cases by the beginning of their ids, in the districts that are named, and in no other.

-- A session sees one district at a time, and asking for each from outside costs a transaction each. The wall stays
-- where it is: this runs as whoever calls it, and names one district after the other.
create function find_by_id_range(kind text, lowest uuid, highest uuid, districts uuid[], most integer)
returns table (id uuid, district_id uuid) language plpgsql as $$
declare
  named uuid;
begin
  foreach named in array districts loop
    perform set_config('rollbook.district_id', named::text, true);
    if kind = 'run' then
      return query select r.id, r.district_id from import_runs r where r.id between lowest and highest limit most;
    elsif kind = 'case' then
      return query select c.id, c.district_id from duplicate_cases c where c.id between lowest and highest limit most;
    end if;
  end loop;
  perform set_config('rollbook.district_id', '', true);
end
$$;
revoke execute on function find_by_id_range(text, uuid, uuid, uuid[], integer) from public;
grant execute on function find_by_id_range(text, uuid, uuid, uuid[], integer) to rollbook_app;
