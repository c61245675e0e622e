-- An address may hold a token: sealed as the secrets are, and shown without it.
alter table webhooks
  alter column url drop not null,
  add column url_sealed bytea,
  add column url_key_id text,
  -- What is left of it when whatever may be a token is left out (api/notify/webhook-address.ts).
  add column url_shown text;

-- The database has no key. An address that was here before stays in `url` until the API starts, which seals it.
alter table webhooks add constraint webhooks_one_address check (url is null or url_sealed is null);
