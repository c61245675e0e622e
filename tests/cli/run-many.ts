import { runCli } from '../../cli/program.ts'
import type { Ended } from './run-command.ts'

// Started by run-command.ts: runs one command line after the other in this process, because starting one for each takes
// half a second, and prints how each of them ended.
const lines = JSON.parse(process.argv[2] ?? '[]') as string[][] // written by run-command.ts
const ends: Ended[] = []
const writers = { stdout: process.stdout, stderr: process.stderr } as const
const print = process.stdout.write.bind(process.stdout)

for (const args of lines) {
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    writers[name].write = (text: string | Uint8Array) => {
      written[name] += typeof text === 'string' ? text : Buffer.from(text).toString()
      return true
    }
  }
  ends.push({ exitCode: await runCli(args), ...written })
}
print(JSON.stringify(ends))
