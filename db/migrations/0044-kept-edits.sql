-- What a person wrote into a record stays until it is given back: the names of these fields, as the journal names them.
-- Null, which takes no room, in all but a few records.

create function rollbook_keep_edits(records text) returns void language plpgsql as $$
begin
  execute format('alter table %I add column kept_fields text[]', records);
end
$$;
revoke execute on function rollbook_keep_edits(text) from public;

select rollbook_keep_edits(records) from unnest(array['students', 'staff', 'guardians', 'course_catalog', 'course_mapping',
  'current_courses', 'course_history', 'classes', 'enrollments']) records;

-- As in 0043; what is kept is no value, and the trail of edits tells the fields that were written.
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
        'kept_fields',
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
