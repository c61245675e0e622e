-- Looking records up: by the beginning of a name, of an id or of an e-mail address, in order of names, and by what they
-- refer to. docs/decisions/0052-looking-up-by-stored-keys.md says why these are columns, and what each index costs.

-- A name as it is looked for: in lower case, without accents and without what stands between its letters. Cut, because an
-- index takes 2,704 bytes and one sign can become eighteen. Plain letters take the short way: it is asked for every name
-- that an import writes.
create function rollbook_search_key(written text) returns text
  language sql immutable parallel safe
  return case when octet_length(written) = length(written) then left(translate(lower(written), E' -.,\'`', ''), 80)
    else left(regexp_replace(replace(replace(replace(replace(
      translate(lower(normalize(left(written, 200), NFKD)), 'łđøðħı', 'ldodhi'),
      'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), '[^[:alnum:]]', '', 'g'), 80) end;

-- The keys of a data type and the one index over them: `names` are the columns of what people call a record, the last of
-- them first in order; an e-mail address stands behind them, because the index is read for it all the same, and a second
-- index costs an import as much as this one. By the columns of `refers` records are listed.
create function rollbook_look_up_by(records text, names text[], email text, refers text[] default '{}') returns void
language plpgsql as $$
declare
  added text[] := '{}';
  keys text[] := '{}';
  name text;
begin
  foreach name in array names loop
    added := added || format('add column %I text collate "C" generated always as (rollbook_search_key(%I)) stored',
      name || '_folded', name);
    keys := format('%I', name || '_folded') || keys;
  end loop;
  if email is not null then
    added := added || format('add column %I text collate "C" generated always as (left(lower(%I), 120)) stored',
      email || '_folded', email);
    keys := keys || format('%I', email || '_folded');
  end if;
  -- No other statement says "status <> ''": what an import looks for by key it looks for in the indexes of keys.
  if keys <> '{}' then
    execute format('alter table %I %s', records, array_to_string(added, ', '));
    execute format('create index on %I (district_id, %s) where status <> ''''', records, array_to_string(keys, ', '));
  end if;
  foreach name in array refers loop
    execute format('create index on %I (district_id, %I) where status <> ''''', records, name);
  end loop;
end
$$;
revoke execute on function rollbook_look_up_by(text, text[], text, text[]) from public;

select rollbook_look_up_by('students', array['given_name', 'family_name'], 'email');
select rollbook_look_up_by('staff', array['given_name', 'family_name'], 'email');
select rollbook_look_up_by('guardians', array['given_name', 'family_name'], 'email');
select rollbook_look_up_by('course_catalog', array['name'], null);
select rollbook_look_up_by('course_mapping', '{}', null, array['course_id', 'school_id']);
select rollbook_look_up_by('current_courses', '{}', null, array['student_id', 'course_id']);
select rollbook_look_up_by('course_history', '{}', null, array['student_id', 'course_id']);
select rollbook_look_up_by('classes', array['title'], null, array['school_id']);
select rollbook_look_up_by('enrollments', '{}', null, array['class_id', 'user_id']);

-- As in 0028, without the keys: they follow from the columns that are written down, and are not there yet when this runs.
create or replace function rollbook_record_changed() returns trigger language plpgsql as $$
declare
  applying text := coalesce(current_setting('rollbook.applying', true), '');
  changed jsonb;
begin
  if applying = 'undo' then
    return new;
  end if;
  if applying <> 'digests' then
    new.revision := old.revision + 1;
    new.updated_at := now();
  end if;
  if applying not in ('records', 'digests') then
    new.primary_digest := null;
    new.supplement_digest := null;
    new.gathered_digest := null;
    new.edited_xid := pg_current_xact_id();
    select jsonb_object_agg(after.key, jsonb_build_array(before.value, after.value)) into changed
    from jsonb_each(to_jsonb(new)) after join jsonb_each(to_jsonb(old)) before using (key)
    where after.value is distinct from before.value
      and after.key not like '%\_folded'
      and after.key not in ('revision', 'updated_at', 'primary_digest', 'supplement_digest', 'gathered_digest', 'edited_xid',
        'connection_id', 'mapping_fingerprint', 'created_run_id', 'updated_run_id', 'created_at');
    if changed is not null then
      insert into record_edits (district_id, record_id, revision, changes, by)
      values (new.district_id, new.id, new.revision, changed,
        coalesce(nullif(current_setting('rollbook.edited_by', true), ''), session_user));
    end if;
  end if;
  return new;
end
$$;
