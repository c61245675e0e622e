import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse } from 'yaml'
import { z } from 'zod'

const Environment = z.record(z.string(), z.string()).default({})

/** The part of the compose format that our file uses; anything else in it is refused, so that a slip is seen. */
const Service = z.strictObject({
  image: z.string(),
  build: z.literal('.').optional(),
  command: z.array(z.string()).optional(),
  entrypoint: z.array(z.string()).optional(),
  environment: Environment,
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.enum(['inside', 'outside'])),
  depends_on: z
    .record(
      z.string(),
      z.strictObject({ condition: z.enum(['service_healthy', 'service_completed_successfully', 'service_started']) }),
    )
    .default({}),
  healthcheck: z
    .strictObject({
      test: z.array(z.string()).min(2),
      interval: z.string(),
      timeout: z.string(),
      retries: z.number(),
      start_period: z.string(),
    })
    .optional(),
  logging: z.strictObject({
    driver: z.literal('json-file'),
    options: z.strictObject({ 'max-size': z.string().regex(/^\d+m$/), 'max-file': z.string().regex(/^\d+$/) }),
  }),
  restart: z.string().regex(/^(unless-stopped|on-failure:\d+)$/),
  stop_signal: z.string().optional(),
  stop_grace_period: z
    .string()
    .regex(/^\d+[sm]$/)
    .optional(),
  shm_size: z.string().optional(),
  init: z.literal(true).optional(),
  read_only: z.literal(true).optional(),
  tmpfs: z.array(z.string()).optional(),
  cap_drop: z.array(z.string()).optional(),
  security_opt: z.array(z.string()).optional(),
  deploy: z.strictObject({
    replicas: z.string().optional(),
    resources: z.strictObject({ limits: z.strictObject({ memory: z.string().regex(/^\d+[mg]$/) }) }),
  }),
})
export type Service = z.infer<typeof Service>

const ComposeFile = z.object({
  name: z.literal('rollbook'),
  services: z.record(z.string(), Service),
  networks: z.strictObject({ inside: z.object({ internal: z.literal(true) }), outside: z.object({}) }),
  volumes: z.record(z.string(), z.null()),
})

/** docker-compose.yml, checked against what we use of the format; `text` is the file as it stands. */
export async function readComposeFile(root: string) {
  const text = await readFile(join(root, 'docker-compose.yml'), 'utf8')
  return { text, ...ComposeFile.parse(parse(text, { merge: true })) }
}

/** What may stand in a file that is laid over ours. */
const Overlay = z.strictObject({
  services: z.record(
    z.string(),
    z.strictObject({
      profiles: z.array(z.string()).optional(),
      environment: Environment,
      depends_on: Service.shape.depends_on.optional(),
    }),
  ),
})

/** deploy/temporal-cloud.yml, its `x-` parts taken out; `text` is the file as it stands. */
export async function readCloudFile(root: string) {
  const text = await readFile(join(root, 'deploy/temporal-cloud.yml'), 'utf8')
  // A map takes the place of the one below it, which is what its tag says; the parser need not know it.
  const content = z.record(z.string(), z.unknown()).parse(parse(text, { merge: true, logLevel: 'error' }))
  const parts = Object.entries(content).filter(([name]) => !name.startsWith('x-'))
  return { text, ...Overlay.parse(Object.fromEntries(parts)) }
}
