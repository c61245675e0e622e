-- Districts, the machines that may speak for them, and the wall between districts.

-- The role of worker and API: not the owner, so that row-level security binds it. Roles belong to the whole server,
-- so another database of the same server may have made it, even at this very moment.
do $$
begin
  if not exists (select from pg_roles where rolname = 'rollbook_app') then
    create role rollbook_app nologin;
  end if;
exception
  when duplicate_object or unique_violation then null;
end
$$;

grant usage on schema public to rollbook_app;

-- Every table with a district_id goes through here: a session sees and writes the rows of the district it has named
-- (withDistrict in db/database.ts) and of no other; one that named none sees nothing. The sub-select makes PostgreSQL
-- read the setting once for each statement and not once for each row.
create function rollbook_isolate(isolated regclass, privileges text) returns void language plpgsql as $$
begin
  execute format('alter table %s enable row level security', isolated);
  execute format('alter table %s force row level security', isolated);
  execute format(
    'create policy district on %s using (district_id = %s) with check (district_id = %s)',
    isolated,
    '(select nullif(current_setting(''rollbook.district_id'', true), '''')::uuid)',
    '(select nullif(current_setting(''rollbook.district_id'', true), '''')::uuid)'
  );
  execute format('grant %s on %s to rollbook_app', privileges, isolated);
end
$$;
revoke execute on function rollbook_isolate(regclass, text) from public;

create table districts (
  id uuid primary key default uuidv7(),
  slug text not null unique,
  name text not null,
  time_zone text not null,
  created_at timestamptz not null default now()
);

-- Names of districts are not secret and the command line lists them; only the district itself may be changed.
alter table districts enable row level security;
alter table districts force row level security;
create policy read_all on districts for select using (true);
create policy add on districts for insert with check (true);
create policy change_own on districts for update
  using (id = (select nullif(current_setting('rollbook.district_id', true), '')::uuid));
grant select, insert, update (name, time_zone) on districts to rollbook_app;

-- System level: a token is looked up before anybody knows the district. The hash is all that is kept of it.
create table api_tokens (
  id uuid primary key default uuidv7(),
  token_hash bytea not null unique,
  name text not null,
  rights text[] not null,
  -- The one district the token is good for; null: all of them.
  only_district_id uuid references districts,
  created_at timestamptz not null default now(),
  expires_at timestamptz
);
grant select, insert on api_tokens to rollbook_app;

-- What people and machines decided or changed. Append-only: the app role may neither update nor delete.
create table audit_log (
  id uuid primary key default uuidv7(),
  district_id uuid not null references districts,
  at timestamptz not null default now(),
  actor text not null,
  action text not null,
  subject jsonb not null default '{}'
);
create index on audit_log (district_id, at desc);
select rollbook_isolate('audit_log', 'select, insert');
