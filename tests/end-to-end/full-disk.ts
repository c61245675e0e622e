import { execFileSync } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { chownSync, mkdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { withClient } from '../../stack/postgres/postgres.ts'
import type { Stack } from '../../stack/stack.ts'

export type FullDisk = {
  /** Makes room. */
  readonly free: () => Promise<void>
  /** Puts everything back. */
  readonly remove: () => Promise<void>
}

/**
 * Leaves PostgreSQL hardly any room for staged rows: on a small disk of its own where this account may mount one, else
 * by a trigger that answers with the very SQLSTATE of a full disk.
 */
export async function fillDisk(stack: Stack): Promise<FullDisk> {
  return tryToMount(join(dirname(stack.pidsFile), 'tiny')) ? await moveToTinyDisk(stack) : await raiseDiskFull(stack)
}

function tryToMount(path: string): boolean {
  mkdirSync(path, { recursive: true })
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=400k', 'tmpfs', path], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

async function moveToTinyDisk(stack: Stack): Promise<FullDisk> {
  const directory = dirname(stack.pidsFile)
  const path = join(directory, 'tiny')
  const data = statSync(join(directory, 'postgres', 'data'))
  chownSync(path, data.uid, data.gid)
  const run = (sql: string) => withClient(superuserUrl(stack, directory), (client) => client.query(sql))
  await run(`create tablespace tiny location '${path}'`)
  await run('alter table staged_students set tablespace tiny')
  return {
    free: () => {
      execFileSync('mount', ['-o', 'remount,size=200m', path])
      return Promise.resolve()
    },
    remove: async () => {
      await run('alter table staged_students set tablespace pg_default')
      await run('drop tablespace tiny')
      execFileSync('umount', [path])
    },
  }
}

/** The stack hands out no superuser; its password comes from the secret beside the data (stack/postgres/postgres.ts). */
function superuserUrl(stack: Stack, directory: string): string {
  const secret = readFileSync(join(directory, 'postgres', 'secret'), 'utf8')
  const url = new URL(stack.databaseUrl)
  url.username = 'postgres'
  url.password = createHmac('sha256', secret).update('postgres').digest('base64url').slice(0, 32)
  return url.href
}

async function raiseDiskFull(stack: Stack): Promise<FullDisk> {
  const run = (sql: string) => withClient(stack.databaseUrl, (client) => client.query(sql))
  await run(`
    create function disk_is_full() returns trigger language plpgsql as $$
    begin
      raise exception 'could not extend file: No space left on device' using errcode = '53100';
    end $$;
    create trigger disk_is_full before insert on staged_students execute function disk_is_full()`)
  const free = async () => {
    await run('drop function if exists disk_is_full() cascade')
  }
  return { free, remove: free }
}
