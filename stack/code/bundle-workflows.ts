import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { DefaultLogger } from '@temporalio/worker'
import { bundleWorkflows } from '../../workers/bundle-workflows.ts'

/** `node stack/code/bundle-workflows.ts <file>`: a short process of its own, for webpack's memory goes with it. */
const [, , target] = process.argv
if (target === undefined) throw new Error('usage: node stack/code/bundle-workflows.ts <file>')
const { code } = await bundleWorkflows(new DefaultLogger('WARN'))
mkdirSync(dirname(target), { recursive: true })
// Two stacks may build the same bundle at once: each writes its own file, and renaming is atomic.
const own = `${target}.${process.pid}`
writeFileSync(own, code)
renameSync(own, target)
