-- What was answered to a POST with an idempotency key, for a day. System level, as tokens are: a caller is known before a
-- district. Key and caller are here as hashes, and the answer is sealed with what only that caller has, the token itself:
-- it may hold names of people, or a secret that is shown once.
create table idempotency_keys (
  caller_hash bytea not null,
  key_hash bytea not null,
  request_hash bytea not null,
  begun_at timestamptz not null default now(),
  -- Who answers: a process that died has an older one than the one that took over.
  attempt uuid not null,
  status smallint,
  answer bytea,
  primary key (caller_hash, key_hash)
);
create index on idempotency_keys (begun_at);
grant select, insert, update, delete on idempotency_keys to rollbook_app;
