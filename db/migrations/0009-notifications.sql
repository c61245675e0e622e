-- Who is told of what: an outbox of events, recipients, webhooks, and a delivery for each of them.

-- Written in the transaction of the change it tells of, so that neither is there without the other. once_key names the
-- occurrence: a step that is repeated writes it down once. Which kinds there are: domain/events/event-kinds.ts.
create table events (
  id uuid primary key default uuidv7(),
  district_id uuid not null references districts,
  kind text not null,
  once_key text not null,
  data_type text,
  run_id uuid,
  connection_id uuid,
  facts jsonb not null default '{}',
  occurred_at timestamptz not null default clock_timestamp(),
  -- Set when its deliveries are made: from then on whether it repeats trouble that was told of, and how many events of
  -- trouble it ends, are fixed.
  routed_at timestamptz,
  topic text not null,
  symptom text,
  is_repeat boolean not null default false,
  ended_count integer not null default 0,
  unique (district_id, once_key)
);
create index events_unrouted on events (district_id, id) where routed_at is null;
create index events_of_topic on events (district_id, topic, id desc);
create index on events (district_id, id desc);
select rollbook_isolate('events', 'select, insert, update, delete');

-- One row for a data type of a district that has recipients. Addresses are those of operators.
create table notification_settings (
  district_id uuid not null references districts,
  data_type text not null,
  recipients text[] not null default '{}',
  -- After how many days open alerts are brought to mind again, ascending.
  reminder_days integer[] not null default '{3,10}',
  primary key (district_id, data_type)
);
select rollbook_isolate('notification_settings', 'select, insert, update, delete');

create table webhooks (
  id uuid primary key default uuidv7(),
  district_id uuid not null references districts,
  name text not null,
  url text not null,
  -- Null: every kind.
  kinds text[],
  is_enabled boolean not null default true,
  disabled_reason text,
  -- Since when nothing was accepted; null while the last attempt was.
  failing_since timestamptz,
  created_at timestamptz not null default now()
);
create index on webhooks (district_id);
select rollbook_isolate('webhooks', 'select, insert, update, delete');

-- Sealed as the settings of connections are. Several while one takes the place of another.
create table webhook_secrets (
  id uuid primary key default uuidv7(),
  district_id uuid not null references districts,
  webhook_id uuid not null references webhooks on delete cascade,
  secret_sealed bytea not null,
  key_id text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz
);
create index on webhook_secrets (webhook_id);
select rollbook_isolate('webhook_secrets', 'select, insert, update, delete');

-- pending → claimed → sending → sent | pending again; pending | claimed | sending → gaveUp (docs/reference/events.md).
create table deliveries (
  id uuid primary key default uuidv7(),
  district_id uuid not null references districts,
  event_id uuid not null references events on delete cascade,
  channel text not null check (channel in ('mail', 'webhook')),
  recipient text,
  webhook_id uuid references webhooks on delete cascade,
  state text not null default 'pending' check (state in ('pending', 'claimed', 'sending', 'sent', 'gaveUp')),
  -- A new round begins when somebody asks for it again; each has a workflow of its own.
  round integer not null default 1,
  -- When the workflow of this round was last started.
  started_at timestamptz,
  -- Until when whoever claimed it may be at work. A claim that ran out belongs to a worker that is gone.
  claimed_until timestamptz,
  attempts integer not null default 0,
  -- An attempt broke off where the other side may have taken it: a second copy is possible.
  is_in_doubt boolean not null default false,
  last_code text,
  created_at timestamptz not null default now(),
  ended_at timestamptz
);
create unique index deliveries_mail on deliveries (event_id, lower(recipient)) where channel = 'mail';
create unique index deliveries_webhook on deliveries (event_id, webhook_id) where channel = 'webhook';
create index deliveries_open on deliveries (district_id, id) where state in ('pending', 'claimed', 'sending');
create index on deliveries (district_id, id desc);
create index on deliveries (webhook_id) where webhook_id is not null;
select rollbook_isolate('deliveries', 'select, insert, update, delete');

-- What came of each attempt: a code, never the words of the other side.
create table delivery_attempts (
  district_id uuid not null,
  delivery_id uuid not null references deliveries on delete cascade,
  attempt_no integer not null,
  at timestamptz not null default now(),
  took_ms integer not null,
  code text not null,
  primary key (delivery_id, attempt_no)
);
select rollbook_isolate('delivery_attempts', 'select, insert, delete');

-- How many reminders an open alert has had.
alter table alerts add column reminders smallint not null default 0;
