#!/bin/sh
# Brings Temporal's two databases to the schema of this image. Safe to run at every start: a newer schema is left alone.
set -eu

prepare() {
  database=$1
  schema=$2
  run() {
    SQL_PASSWORD="$POSTGRES_PWD" temporal-sql-tool --plugin postgres12 --ep "$POSTGRES_SEEDS" -p "$DB_PORT" \
      -u "$POSTGRES_USER" --db "$database" "$@"
  }
  run setup-schema -v 0.0
  run update-schema -d "/etc/temporal/schema/postgresql/v12/$schema/versioned"
}

prepare temporal temporal
prepare temporal_visibility visibility
