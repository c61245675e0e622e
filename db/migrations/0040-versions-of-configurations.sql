-- A version is all of a configuration and not only its mapping: a run keeps what it used, and two versions can be compared.

alter table mapping_versions
  add column settings jsonb not null default '{}',
  -- Null: of a test import alone (a draft, or a choice that only a test made); never in force, and in no list.
  alter column version drop not null;

-- What earlier versions were run with is not known; they get what was set last. A session sees the rows of the district that it has named.
do $$
declare
  district record;
begin
  for district in select id from districts loop
    perform set_config('rollbook.district_id', district.id::text, true);
    update mapping_versions version set settings = configuration.settings
    from import_configurations configuration
    where version.connection_id = configuration.connection_id and version.data_type = configuration.data_type;
  end loop;
  perform set_config('rollbook.district_id', '', true);
end
$$;

alter table import_configurations drop column settings;

-- What somebody is at: saved at any time, be it unfinished; at most one for each (connection, data type).
create table configuration_drafts (
  district_id uuid not null references districts,
  connection_id uuid not null references connections,
  data_type text not null,
  -- Counted up with every change: two who edit at once are told.
  revision integer not null default 1,
  -- The version it was made from.
  based_on integer,
  document jsonb not null,
  settings jsonb not null default '{}',
  -- Of the last changes, which places and by whom.
  changes jsonb not null default '[]',
  updated_by text not null,
  updated_at timestamptz not null default now(),
  primary key (connection_id, data_type)
);
select rollbook_isolate('configuration_drafts', 'select, insert, update, delete');
