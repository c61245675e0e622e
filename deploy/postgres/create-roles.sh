#!/bin/sh
# Runs once, when the database cluster is new (docker-entrypoint-initdb.d): one role and one database for each side,
# so that Temporal cannot read records, and the application is not the owner of the tables that row-level security guards.
set -eu

psql --username postgres --no-psqlrc --set ON_ERROR_STOP=1 \
  --set temporal_password="$TEMPORAL_DATABASE_PASSWORD" \
  --set owner_password="$ROLLBOOK_OWNER_PASSWORD" \
  --set app_password="$ROLLBOOK_APP_PASSWORD" <<'SQL'
CREATE ROLE temporal LOGIN PASSWORD :'temporal_password';
CREATE DATABASE temporal OWNER temporal;
CREATE DATABASE temporal_visibility OWNER temporal;
REVOKE ALL ON DATABASE temporal FROM PUBLIC;
REVOKE ALL ON DATABASE temporal_visibility FROM PUBLIC;

CREATE ROLE rollbook_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE rollbook_app LOGIN PASSWORD :'app_password' NOSUPERUSER NOBYPASSRLS;
CREATE DATABASE rollbook OWNER rollbook_owner;
REVOKE ALL ON DATABASE rollbook FROM PUBLIC;
GRANT CONNECT, TEMPORARY ON DATABASE rollbook TO rollbook_app;
SQL
