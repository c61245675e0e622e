#!/usr/bin/env node
import { runOnOurNode } from './prepare.js'

runOnOurNode('tests/end-to-end/oracle/compare-roster.ts')
