import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { writeSecretFile } from './write-secret-file.ts'

const Port = z.int().min(1).max(65_535)
const Ports = z.object({ api: Port, postgres: Port, temporal: Port, temporalUi: Port })
const StackMemory = z.object({ token: z.string(), secretKey: z.string(), ports: Ports.optional() })

/** What a stack keeps between two starts: its API token, the key that seals settings, and the ports it had. */
export type StackMemory = z.infer<typeof StackMemory>
export type StackPorts = z.infer<typeof Ports>

/** Reads what the last start left, or invents it. Throws when the file is there and is not one of ours. */
export function recallStack(directory: string): StackMemory {
  const file = join(directory, 'stack.json')
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch {
    const memory = {
      token: `rb_${randomBytes(32).toString('base64url')}`,
      secretKey: `local:${randomBytes(32).toString('base64')}`,
    }
    writeSecretFile(file, JSON.stringify(memory, null, 2))
    return memory
  }
  return StackMemory.parse(JSON.parse(text))
}

/** Keeps the ports, so that a bookmark of the last start still works when they are free. */
export function rememberPorts(directory: string, memory: StackMemory, ports: StackPorts): void {
  writeSecretFile(join(directory, 'stack.json'), JSON.stringify({ ...memory, ports }, null, 2))
}
