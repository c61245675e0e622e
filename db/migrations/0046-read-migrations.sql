-- The API says whether the tables are those its code was written for (/api/health/ready).
grant select on kysely_migration to rollbook_app;
