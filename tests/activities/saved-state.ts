import type { ImportRig } from './import-rig.ts'

const quote = (name: string) => `"${name}"`

/** Keeps what the database of a rig holds now; what it gives brings it all back, archived packages aside. */
export async function saveState(rig: ImportRig): Promise<() => Promise<void>> {
  const schema = `saved_${Math.random().toString(36).slice(2)}`
  // Columns that follow from others cannot be given.
  const rows = (await rig.ask(
    `select t.tablename, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns
     from pg_tables t join pg_attribute a on a.attrelid = quote_ident(t.tablename)::regclass
     where t.schemaname = 'public' and t.tablename not like 'archived%'
       and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     group by t.tablename`,
  )) as { tablename: string; columns: string }[] // what the catalogue's columns are
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
    ...rows.map(({ tablename, columns }) => {
      const table = quote(tablename)
      return `delete from public.${table}; insert into public.${table} (${columns}) select ${columns} from ${schema}.${table}`
    }),
    'commit',
  ].join(';')
  return async () => {
    await rig.ask(restore)
  }
}
