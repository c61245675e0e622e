-- Fields that come as tables beside the source that brings the records (docs/decisions/0053-a-field-import-is-an-edit.md).

-- The run brought fields of records that are held, and no records: it is nobody's last word about them.
alter table import_runs add column is_field_import boolean not null default false;

-- The configuration is of a source that brings fields alone: any number of them stand beside the one that brings the records.
alter table import_configurations add column brings_fields boolean not null default false;
drop index import_configurations_one_enabled;
create unique index import_configurations_one_enabled on import_configurations (district_id, data_type)
  where is_enabled and not brings_fields;
