-- Whose an id is, without asking one district after the other.

-- System level, as tokens are: an id comes in before anybody knows the district. Nothing of what the id names is here,
-- and the app role may not read it: rollbook_owner_of answers for one id at a time.
create table owned_ids (
  kind text not null,
  id uuid not null,
  -- Not "district_id": no session has named the district yet, so no policy could show the row.
  owner_id uuid not null,
  primary key (kind, id)
);

create function rollbook_note_owners() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  insert into owned_ids (kind, id, owner_id) select tg_table_name, id, district_id from added on conflict do nothing;
  return null;
end
$$;

create function rollbook_forget_owners() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  delete from owned_ids owned using removed where owned.kind = tg_table_name and owned.id = removed.id;
  return null;
end
$$;

create function rollbook_owner_of(asked_kind text, asked_id uuid) returns uuid language sql stable
  security definer set search_path = public, pg_temp as $$
  select owner_id from owned_ids where kind = asked_kind and id = asked_id
$$;
revoke execute on function rollbook_note_owners(), rollbook_forget_owners(), rollbook_owner_of(text, uuid) from public;
grant execute on function rollbook_owner_of(text, uuid) to rollbook_app;

-- Forced, the policy would hide every row from the owner.
do $$
declare
  kind text;
begin
  foreach kind in array array['import_runs', 'connections', 'duplicate_cases'] loop
    execute format('create trigger note_owners after insert on %I referencing new table as added
      for each statement execute function rollbook_note_owners()', kind);
    execute format('create trigger forget_owners after delete on %I referencing old table as removed
      for each statement execute function rollbook_forget_owners()', kind);
    execute format('alter table %I no force row level security', kind);
    execute format('insert into owned_ids (kind, id, owner_id) select %L, id, district_id from %I', kind, kind);
    execute format('alter table %I force row level security', kind);
  end loop;
end
$$;
