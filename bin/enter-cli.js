// Plain JavaScript, so that the compile cache is there before the first TypeScript is read: without it Node loads its
// compiler for that one file, which costs more than all the rest of a short command.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Kept in the checkout: nothing of ours is left elsewhere on the machine.
enableCompileCache(fileURLToPath(new URL('../node_modules/.cache/rollbook', import.meta.url)))
await import('../cli/main.ts')
