-- The audit log says from where and what was before, and its entries are chained, so that one that is changed or taken out shows.

-- What belongs to no district stands under the district 00000000-0000-0000-0000-000000000000, of which there is no row.
alter table audit_log drop constraint audit_log_district_id_fkey;
alter table audit_log
  add column actor_id uuid,
  -- The address and the request that it came by; null where no request did it.
  add column address text,
  add column request_id text,
  -- Of what was configured: as it was, and as it is since. Never a secret.
  add column before jsonb,
  add column after jsonb;

-- One link for each entry, in the order in which transactions ended. Beside the entries, so that these are written once.
create table audit_chain (
  district_id uuid not null,
  seq bigint not null,
  entry_id uuid not null unique,
  -- SHA-256 over the hash of the link before, 32 zero bytes at first, and rollbook_audit_text of the entry.
  hash bytea not null,
  primary key (district_id, seq)
);
select rollbook_isolate('audit_chain', 'select');

-- The end of the chain: an end that is cut off shows by it.
create table audit_heads (
  district_id uuid primary key,
  seq bigint not null,
  hash bytea not null
);
select rollbook_isolate('audit_heads', 'select');

-- The entry as one text, the same on every server: a JSON array, its objects in the order that jsonb keeps.
create function rollbook_audit_text(entry audit_log) returns text language sql stable as $$
  select jsonb_build_array(entry.id, entry.district_id, to_char(entry.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    entry.actor, entry.actor_id, entry.action, entry.subject, entry.address, entry.request_id, entry.before, entry.after)::text
$$;

create function rollbook_link_audit_entry(entry audit_log) returns void language plpgsql as $$
declare
  content bytea := convert_to(rollbook_audit_text(entry), 'UTF8');
  linked audit_heads;
begin
  insert into audit_heads as head (district_id, seq, hash)
  values (entry.district_id, 1, sha256(decode(repeat('00', 32), 'hex') || content))
  on conflict (district_id) do update set seq = head.seq + 1, hash = sha256(head.hash || content)
  returning * into linked;
  insert into audit_chain (district_id, seq, entry_id, hash)
  values (linked.district_id, linked.seq, entry.id, linked.hash);
end
$$;
revoke execute on function rollbook_link_audit_entry(audit_log) from public;

create function rollbook_audit_written() returns trigger language plpgsql
  security definer set search_path = public, pg_temp as $$
begin
  perform rollbook_link_audit_entry(new);
  return null;
end
$$;
revoke execute on function rollbook_audit_written() from public;

create function rollbook_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'the audit log is only ever added to';
end
$$;

-- Forced, the policies would hide every row from the owner.
do $$
declare
  entry audit_log;
begin
  alter table audit_log no force row level security;
  alter table audit_chain no force row level security;
  alter table audit_heads no force row level security;
  for entry in select * from audit_log order by district_id, at, id loop
    perform rollbook_link_audit_entry(entry);
  end loop;
  alter table audit_log force row level security;
  alter table audit_chain force row level security;
  alter table audit_heads force row level security;
end
$$;

-- At the end of the transaction: the row of the head is a lock, and whoever writes an entry early must not keep others waiting
-- until it has done all the rest.
create constraint trigger linked after insert on audit_log deferrable initially deferred
  for each row execute function rollbook_audit_written();
create trigger append_only before update or delete on audit_log for each row execute function rollbook_append_only();
create trigger append_only before update or delete on audit_chain for each row execute function rollbook_append_only();
create trigger not_emptied before truncate on audit_log execute function rollbook_append_only();
create trigger not_emptied before truncate on audit_chain execute function rollbook_append_only();
