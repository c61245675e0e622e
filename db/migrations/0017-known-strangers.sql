-- What two different people of one district have in common (db/matching/sample-strangers.ts): levels of agreement, never a
-- value. Unlogged like the match keys, and made again with them.
create unlogged table match_strangers (
  district_id uuid not null,
  data_type text not null,
  -- Of so many held records the one they resemble most was looked for; `pairs` has those that resemble anybody.
  sampled integer not null,
  pairs jsonb not null,
  primary key (district_id, data_type)
);
select rollbook_isolate('match_strangers', 'select, insert, delete');

-- Records have more keys than before: all are made again at the next search.
truncate match_keys, match_records, match_names;
