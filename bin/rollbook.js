#!/usr/bin/env node
import { runOnOurNode } from './prepare.js'

runOnOurNode('cli/main.ts')
