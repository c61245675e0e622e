-- A district's sources: connections, mappings and import configurations, and the orgs they know.

create table orgs (
  id uuid primary key default uuidv7(),
  district_id uuid not null references districts,
  source_key text collate "C" not null,
  name text not null,
  type text not null,
  identifier text not null default '',
  parent_source_key text not null default '',
  is_active boolean not null default true,
  created_run_id uuid,
  created_at timestamptz not null default now(),
  unique (district_id, source_key)
);
select rollbook_isolate('orgs', 'select, insert, update');

-- The connector is plain text: another connector is a folder, not a migration. Settings are sealed outside the
-- database (platform/secret-box.ts); key_id says with which key.
create table connections (
  id uuid primary key default uuidv7(),
  district_id uuid not null references districts,
  connector text not null,
  name text not null,
  settings_sealed bytea not null,
  key_id text not null,
  status text not null default 'notConfigured' check (status in ('notConfigured', 'connected', 'failed')),
  status_reason text,
  checked_at timestamptz,
  created_at timestamptz not null default now()
);
create index on connections (district_id, created_at);
select rollbook_isolate('connections', 'select, insert, update');

-- Versions are never changed: a run names the one it used.
create table mapping_versions (
  id uuid primary key default uuidv7(),
  district_id uuid not null references districts,
  connection_id uuid not null references connections,
  data_type text not null,
  version integer not null,
  document jsonb not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  unique (connection_id, data_type, version)
);
select rollbook_isolate('mapping_versions', 'select, insert');

create table import_configurations (
  district_id uuid not null references districts,
  connection_id uuid not null references connections,
  data_type text not null,
  mapping_version_id uuid not null references mapping_versions,
  settings jsonb not null default '{}',
  is_enabled boolean not null default true,
  primary key (connection_id, data_type)
);
-- Two sources that both keep the same records in step would undo each other's work for ever.
create unique index import_configurations_one_enabled on import_configurations (district_id, data_type) where is_enabled;
select rollbook_isolate('import_configurations', 'select, insert, update, delete');
