-- Whether runs of the connection ask a source, which its settings say and only a worker can open. Null in what earlier
-- releases made, until a worker has looked (activities/connect/note-sources.ts).
alter table connections add column fetches_input boolean;
