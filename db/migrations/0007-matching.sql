-- By what a held record is found as a candidate for a duplicate. All of it follows from the records: it is made when a
-- run first looks for duplicates, so that a first import does not pay for it, and it is unlogged, because after a crash
-- it is empty and made again. What is stale costs a candidate, never a wrong one: candidates are compared afresh.

-- Hashes of what a record shares with its duplicate (name and birth date, e-mail, phone …), several for each record.
create unlogged table match_keys (
  district_id uuid not null,
  key bigint not null,
  record_id uuid not null,
  birth_date date,
  -- First letters of the names (rollbook_initial): of many who share one thing, those worth a comparison begin alike.
  given_initial "char",
  family_initial "char"
);
create index on match_keys (key);
select rollbook_isolate('match_keys', 'select, insert, delete, maintain');

-- Which revision of each record the keys were made of.
create unlogged table match_records (
  district_id uuid not null,
  data_type text not null,
  record_id uuid primary key,
  revision integer not null
);
select rollbook_isolate('match_records', 'select, insert, update, delete, maintain');

-- How many held records bear a name, or go to a school: what many have is weak evidence. `name` null: how many there are in all.
create unlogged table match_names (
  district_id uuid not null,
  data_type text not null,
  aspect text not null,
  name text,
  holders integer not null,
  unique nulls not distinct (district_id, data_type, aspect, name)
);
select rollbook_isolate('match_names', 'select, insert, delete, maintain');

-- These are one expression over their argument used once, so that PostgreSQL writes them into the statement.

-- Letters and digits alone, in lower case and without accents.
create function rollbook_fold(written text) returns text
  language sql immutable parallel safe
  return regexp_replace(lower(normalize(written, NFKD)), '[^[:alnum:]]', '', 'g');

-- The first four consonants, those that are written for one another being equal: Meyer and Maier, Catherine and Katrin.
create function rollbook_sound(written text) returns text
  language sql immutable parallel safe
  return left(regexp_replace(translate(replace(rollbook_fold(written), 'ph', 'f'),
    'zvdgjmqcaeiouyhw', 'sftkknkk'), '(.)\1+', '\1', 'g'), 4);

-- The first letter in one byte; two letters may get the same one.
create function rollbook_initial(written text) returns "char"
  language sql immutable parallel safe
  return (ascii(rollbook_fold(left(written, 4))) % 128)::"char";
