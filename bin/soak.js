#!/usr/bin/env node
import { runOnOurNode } from './prepare.js'

runOnOurNode('tests/soak/main.ts')
