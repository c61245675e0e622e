import { z } from 'zod'
import { isPrivateHostEntry } from './platform/private-hosts.ts'

const Port = z.coerce.number().int().min(0).max(65_535)
const PostgresUrl = z.string().regex(/^postgres(ql)?:\/\//, 'must begin with postgresql://')
const Address = z.string().regex(/^[^\s/]+:\d+$/, 'must be host:port')
const Milliseconds = z.coerce.number().int().positive()
const Days = z.coerce.number().int().positive().max(36_500)
const Flag = z.enum(['true', 'false']).transform((text) => text === 'true')

function parseKey(part: string, context: z.RefinementCtx): { readonly id: string; readonly bytes: Buffer } {
  const [id = '', encoded = ''] = part.trim().split(':')
  const bytes = Buffer.from(encoded, 'base64')
  if (id === '' || bytes.length !== 32) context.addIssue('each key must be id:base64, the base64 of 32 bytes')
  return { id, bytes }
}

/** `id:base64` of 32 bytes; several, separated by commas, while a key is being rotated. The first one's half seals. */
const SecretKeys = z.string().transform((text, context) =>
  text.split(',').map((part) => {
    const { id, bytes: key } = parseKey(part, context)
    return { id, key }
  }),
)

const SealingKey = z.string().transform((text, context) => {
  const { id, bytes: publicKey } = parseKey(text, context)
  return { id, publicKey }
})

const PrivateHosts = z.string().transform((text, context) => {
  const entries = text.split(',').map((part) => part.trim())
  if (!entries.every(isPrivateHostEntry))
    context.addIssue('each must be a name, an address or a network as 172.20.0.0/16')
  return entries
})

/** Every setting that the server reads from its environment. docs/reference/settings.md is compared with this list. */
export const settings = {
  /** The role that owns the tables; only migrations and the making of the first token use it. */
  ROLLBOOK_DATABASE_URL: PostgresUrl,
  /** The role that worker and API use: not the owner, held by row security. */
  ROLLBOOK_APP_DATABASE_URL: PostgresUrl,
  ROLLBOOK_DATABASE_POOL_SIZE: z.coerce.number().int().min(2).max(500).default(10),
  ROLLBOOK_TEMPORAL_ADDRESS: Address,
  ROLLBOOK_TEMPORAL_NAMESPACE: z.string().min(1).default('default'),
  /** For Temporal Cloud; TLS is on when a key is given. */
  ROLLBOOK_TEMPORAL_API_KEY: z.string().min(1).optional(),
  ROLLBOOK_TEMPORAL_TLS: Flag.default(false),
  /** Address of the Temporal UI as operators reach it, for links. */
  ROLLBOOK_TEMPORAL_UI_URL: z.url().optional(),
  ROLLBOOK_TASK_QUEUE: z.string().min(1).default('rollbook'),
  /** Where the API listens; port 0 takes a free one. */
  ROLLBOOK_API_HOST: z.string().min(1).default('127.0.0.1'),
  ROLLBOOK_API_PORT: Port.default(8020),
  /** How often each token may ask one API process: far more than a person or a script needs, less than one in a circle takes. */
  ROLLBOOK_REQUESTS_PER_MINUTE: z.coerce.number().int().min(1).max(100_000_000).default(60_000),
  /** Opens what is sealed; workers alone have it. */
  ROLLBOOK_SECRET_KEY: SecretKeys,
  /** The half of the first secret key that seals, for the API, which opens nothing. deploy/derive-sealing-key.ts prints it. */
  ROLLBOOK_SEALING_KEY: SealingKey,
  /** How long an activity may be silent before Temporal takes it for dead. */
  ROLLBOOK_HEARTBEAT_TIMEOUT_MS: Milliseconds.default(30_000),
  /** How long after its end a run can be undone: three days. */
  ROLLBOOK_UNDO_WINDOW_MS: Milliseconds.default(72 * 60 * 60 * 1000),
  /** For how many days after its end findings, plan and staged rows of a run are kept. */
  ROLLBOOK_LOG_RETENTION_DAYS: Days.default(30),
  /** For how many days an archived input is kept after the last run of it; never shorter than the log of that run. */
  ROLLBOOK_INPUT_RETENTION_DAYS: Days.default(30),
  /** For how many days the values of a decided duplicate case are kept, by which it can be taken back. */
  ROLLBOOK_CASE_RETENTION_DAYS: Days.default(400),
  /** For how many days it is kept what came of each start of a schedule, and alarms after they were closed. */
  ROLLBOOK_SCHEDULE_RETENTION_DAYS: Days.default(400),
  /** How long a stopping worker waits for its activities. */
  ROLLBOOK_SHUTDOWN_GRACE_MS: Milliseconds.default(30_000),
  /** A workflow bundle built beforehand; without it the worker builds one, which costs memory and seconds. */
  ROLLBOOK_WORKFLOW_BUNDLE: z.string().min(1).optional(),
  /** Where mails are written instead of being sent, one .eml each. */
  ROLLBOOK_MAIL_DIR: z.string().min(1).optional(),
  /** The server that takes our mails: smtp://user:password@host:587, smtps:// for TLS from the start. */
  ROLLBOOK_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'must begin with smtp:// or smtps://')
    .optional(),
  ROLLBOOK_MAIL_FROM: z.email().default('rollbook@rollbook.invalid'),
  /** Where operators reach the API, for links in mails and webhooks. */
  ROLLBOOK_PUBLIC_URL: z.url().optional(),
  /** Lets webhooks go to private addresses and without TLS: for tests, and for receivers within one's own network. */
  ROLLBOOK_WEBHOOK_ALLOW_PRIVATE: Flag.default(false),
  /** Hosts of one's own network that connections of districts may reach by SFTP: names, addresses and networks. */
  ROLLBOOK_PRIVATE_HOSTS: PrivateHosts.optional(),
  /** How often workers look for notifications that were left behind, and for alerts that are due for a reminder. */
  ROLLBOOK_SWEEP_INTERVAL_MS: Milliseconds.default(60_000),
  /** Beneath it a folder for each district, by its short name, in which its watched folders lie; without it there are none. */
  ROLLBOOK_DROP_ROOT: z.string().min(1).optional(),
  /** Where a worker answers Prometheus (`/metrics`); without it there are no metrics. */
  ROLLBOOK_METRICS_ADDRESS: Address.optional(),
  ROLLBOOK_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
} as const satisfies Record<`ROLLBOOK_${string}`, z.ZodType>

export type SettingName = keyof typeof settings
export type Config<Name extends SettingName> = { readonly [Key in Name]: z.infer<(typeof settings)[Key]> }

/**
 * Reads the settings a process needs, all at once, so that a wrong one ends it before it has done anything. Throws
 * one error that names every setting that is missing or wrong, and never its value. An empty variable counts as unset.
 */
export function readConfig<Name extends SettingName>(
  names: readonly Name[],
  environment: Readonly<Record<string, string | undefined>> = process.env,
): Config<Name> {
  const problems: string[] = []
  const values = names.map((name) => {
    const text = environment[name]
    const parsed = settings[name].safeParse(text === '' ? undefined : text)
    if (parsed.success) return [name, parsed.data]
    const isMissing = text === undefined || text === ''
    problems.push(isMissing ? `${name} is not set` : `${name} ${parsed.error.issues[0]?.message ?? 'is wrong'}`)
    return [name, undefined]
  })
  if (problems.length > 0) throw new Error(`The settings of this process are incomplete: ${problems.join('; ')}.`)
  // Each value was parsed by the schema of its own name just above, which fromEntries cannot express.
  return Object.fromEntries(values) as Config<Name>
}
