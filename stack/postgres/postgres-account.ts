import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

type Ids = { readonly uid: number; readonly gid: number }

export type PostgresCommand = { readonly file: string; readonly args: readonly string[] } & Partial<Ids>

/** As whom PostgreSQL runs, and how its commands are started so. */
export type PostgresAccount = {
  /** Whose the data must be; undefined when PostgreSQL runs as the user we are. */
  readonly owner: Ids | undefined
  readonly build: (file: string, args: readonly string[]) => PostgresCommand
}

const asOurselves: PostgresAccount = { owner: undefined, build: (file, args) => ({ file, args }) }

/**
 * PostgreSQL refuses to run as root. As root we run it as the owner of an existing data directory, else as `postgres`,
 * else as `nobody`: accounts that are there already, so nothing is left on the machine. `paths` are what that account
 * must reach; where a parent is closed to it (a checkout below /root, say), util-linux's `setpriv` lets it pass.
 */
export function choosePostgresAccount(dataDirectory: string, paths: readonly string[]): PostgresAccount {
  if (process.getuid?.() !== 0) return asOurselves
  const owner = findDataOwner(dataDirectory) ?? findAccount('postgres') ?? findAccount('nobody')
  if (owner === undefined) {
    throw new Error(
      'PostgreSQL does not run as root, and this machine has neither a "postgres" nor a "nobody" account.',
    )
  }
  const closed = paths.find((path) => !canReach(path, owner))
  const switchTo = ['--reuid', String(owner.uid), '--regid', String(owner.gid), '--clear-groups']
  if (closed === undefined) return { owner, build: (file, args) => ({ file, args, ...owner }) }
  const pass = [...switchTo, '--inh-caps', '+dac_override', '--ambient-caps', '+dac_override', '--']
  if (spawnSync('setpriv', [...pass, 'test', '-e', `${dirname(closed)}/.`]).status !== 0) {
    throw new Error(
      `PostgreSQL does not run as root, and the account it would use (uid ${owner.uid}) cannot reach ${closed}. ` +
        'Use a checkout whose parent folders are open to others (chmod o+x), or start as an ordinary user.',
    )
  }
  // setpriv changes the account itself, so it must be spawned as root.
  return { owner, build: (file, args) => ({ file: 'setpriv', args: [...pass, file, ...args] }) }
}

function findDataOwner(dataDirectory: string): Ids | undefined {
  if (!existsSync(dataDirectory)) return undefined
  const { uid, gid } = statSync(dataDirectory)
  return uid === 0 ? undefined : { uid, gid }
}

function findAccount(name: string): Ids | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((text) => text.startsWith(`${name}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return uid === undefined || gid === undefined ? undefined : { uid: Number(uid), gid: Number(gid) }
}

/** Whether every folder above `path` may be passed by that account. */
function canReach(path: string, { uid, gid }: Ids): boolean {
  const parent = dirname(path)
  if (parent === path) return true
  const { mode, uid: owner, gid: group } = statSync(parent)
  const needed = owner === uid ? 0o100 : group === gid ? 0o010 : 0o001
  return (mode & needed) !== 0 && canReach(parent, { uid, gid })
}
