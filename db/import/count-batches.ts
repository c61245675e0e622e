/** How many batches of a run, an undo or another, have changed the records by now. */
export function buildCountBatchesSql(run: string): string {
  return `((select count(*) from applied_batches where run_id = ${run})
    + (select count(*) from undo_batches where run_id = ${run} and done_at is not null))::int`
}
