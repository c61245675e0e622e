import { statfsSync } from 'node:fs'
import { totalmem } from 'node:os'

/**
 * What keeps the values of people out of the log of a PostgreSQL, wherever it runs: docker-compose.yml gives its server the
 * same ones, and a test compares. A statement, its parameters, a DETAIL line and even the message of an error
 * (`invalid input syntax for type date: "…"`) may carry a value. So of statements nothing is logged, and of
 * errors only what concerns the server: in this order of levels LOG comes behind ERROR, and FATAL and PANIC behind LOG.
 */
export const quietLogSettings: Readonly<Record<string, string>> = {
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_error_verbosity: 'terse',
  log_statement: 'none',
  log_duration: 'off',
  log_min_duration_statement: '-1',
  log_min_duration_sample: '-1',
  log_transaction_sample_rate: '0',
  log_parameter_max_length: '0',
  log_parameter_max_length_on_error: '0',
  debug_print_parse: 'off',
  debug_print_rewritten: 'off',
  debug_print_plan: 'off',
}

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
    ...quietLogSettings,
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
