import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Most of what a short command costs is reading its own code; the cache halves that from the second start on.
// Kept in the checkout: nothing of ours is left elsewhere on the machine.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/rollbook', import.meta.url)))

// A reader that stops early, such as `head`, is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? 0 : 1)
})

const { runCli } = await import('./program.ts')
process.exitCode = await runCli(process.argv.slice(2))
