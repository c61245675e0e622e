import { statfsSync } from 'node:fs'
import { totalmem } from 'node:os'

/**
 * The settings of the embedded PostgreSQL. The large steps of an import are set-based, so they get memory; durability
 * is that of production. docs/guides/ says the same for a server of one's own.
 */
const settings: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  fsync: 'on',
  // What a first import of a million writes fits in: else each page is written out several times while it fills.
  shared_buffers: `${sharedBuffersMiB()}MB`,
  work_mem: '16MB',
  maintenance_work_mem: '256MB',
  effective_cache_size: '1GB',
  max_wal_size: '4GB',
  checkpoint_timeout: '15min',
  wal_compression: 'on',
  random_page_cost: '1.1',
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  log_min_messages: 'warning',
  // A statement or a DETAIL line may carry a student's values; neither belongs in a log.
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
}

/** As docs/guides/run-in-production.md: 1 GB, and on a small machine a quarter of its memory. Taken only as it fills. */
function sharedBuffersMiB(): number {
  return Math.min(1024, Math.floor(totalmem() / 4 / 2 ** 20))
}

/** Docker gives a container 64 MB of it; one parallel query may want more. */
const sharedMemoryNeededBytes = 1024 ** 3

/** Command-line arguments rather than a file: they are always those of the running code. */
export function buildPostgresArguments(dataDirectory: string, port: number): readonly string[] {
  const all = {
    ...settings,
    dynamic_shared_memory_type: hasRoomInSharedMemory() ? 'posix' : 'mmap',
    port: String(port),
  }
  return ['-D', dataDirectory, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])]
}

function hasRoomInSharedMemory(): boolean {
  if (process.platform !== 'linux') return true
  try {
    const { bavail, bsize } = statfsSync('/dev/shm')
    return bavail * bsize >= sharedMemoryNeededBytes
  } catch {
    return false
  }
}
