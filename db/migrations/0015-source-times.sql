-- When the source last changed what we hold of a record, as its deltas say: a row of a delta that is older is ignored (D-05).
-- One for each part, as with the digests: users and demographics are changed apart from each other. Null: not known.

alter table students add column primary_modified_at timestamptz, add column supplement_modified_at timestamptz;
alter table staged_students add column primary_modified_at timestamptz, add column supplement_modified_at timestamptz;

-- Both times, where the run changed them: an undo gives them back with the values.
alter table journal add column times_before timestamptz[], add column times_after timestamptz[];
