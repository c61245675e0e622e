-- A record that an undone run created gives its id back to the one that had it before.

alter table undo_batches drop constraint undo_batches_part_check;
alter table undo_batches add constraint undo_batches_part_check check (part in ('journal', 'created', 'givenUp'));
