import type { ImportRig } from './import-rig.ts'

const quote = (name: string) => `"${name}"`

/** Keeps what the database of a rig holds now; what it gives brings it all back, archived packages aside. */
export async function saveState(rig: ImportRig): Promise<() => Promise<void>> {
  const schema = `saved_${Math.random().toString(36).slice(2)}`
  const rows = (await rig.ask(
    `select tablename from pg_tables where schemaname = 'public' and tablename not like 'archived%'`,
  )) as { tablename: string }[] // what the catalogue's column is
  const tables = rows.map(({ tablename }) => quote(tablename))
  await rig.ask(
    [
      `create schema ${schema}`,
      ...tables.map((table) => `create table ${schema}.${table} as table public.${table}`),
    ].join(';'),
  )
  const restore = [
    // Without triggers and foreign keys: the rows are those that were there.
    'begin',
    `set local session_replication_role = 'replica'`,
    ...tables.map(
      (table) => `delete from public.${table}; insert into public.${table} select * from ${schema}.${table}`,
    ),
    'commit',
  ].join(';')
  return async () => {
    await rig.ask(restore)
  }
}
