#!/usr/bin/env node
import { runOnOurNode } from './prepare.js'

runOnOurNode('tests/fuzz-api.ts')
