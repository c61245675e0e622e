-- What the undo of a resolution leaves behind: the case is open and undecided again, and whom a decision created waits
-- inactive and without ids for the next one.

alter table duplicate_cases
  -- The decision that a run carried out and an undo took back; the undo of that undo brings it back.
  add column settled_decision text check (settled_decision in ('match', 'create', 'leave')),
  add column settled_record_id uuid,
  add column settled_by text,
  add column settled_at timestamptz,
  -- The record that the decision had made, while it is undone.
  add column undone_record_id uuid;
create index duplicate_cases_undone_record on duplicate_cases (undone_record_id) where undone_record_id is not null;

-- Cases that the release before opened again with what was decided. Forced, the policies would hide every row from the owner.
alter table duplicate_cases no force row level security;
alter table import_runs no force row level security;
update duplicate_cases c
set settled_decision = decision, settled_record_id = decided_record_id, settled_by = decided_by, settled_at = decided_at,
  decision = null, decided_record_id = null, decided_by = null, decided_at = null
from import_runs run
where run.id = c.processed_run_id and c.state = 'open' and c.processing_run_id is null and c.decision is not null
  and c.decided_at < run.created_at;
update duplicate_cases set undone_record_id = incoming_record_id, incoming_record_id = null
where state = 'open' and strength = 'likely' and processing_run_id is null and processed_run_id is not null
  and incoming_record_id is not null;
alter table duplicate_cases force row level security;
alter table import_runs force row level security;
