#!/usr/bin/env node
import { runOnOurNode } from './prepare.js'

// What starts other processes and tears them down is told by a channel when we are gone; the rest needs none.
const isShort = !['stack', 'bench', 'simulate'].includes(process.argv[2])
runOnOurNode('bin/enter-cli.js', { isShort })
