-- Tokens that are made, listed and revoked by whoever may, and that may be bound to schools.

alter table api_tokens
  -- Ids of orgs of the one district: the token sees rows of these schools and no others. Null: the whole district.
  add column only_school_ids uuid[],
  add column created_by text not null default '',
  add column last_used_at timestamptz,
  add column revoked_at timestamptz,
  add column revoked_by text,
  add constraint api_tokens_schools check (only_school_ids is null or only_district_id is not null);
create index on api_tokens (only_district_id);

-- What a token may do never changes: it is revoked, and another one made.
grant update (last_used_at, revoked_at, revoked_by) on api_tokens to rollbook_app;
