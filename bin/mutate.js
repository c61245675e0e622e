#!/usr/bin/env node
import { runOnOurNode } from './prepare.js'

runOnOurNode('tests/mutate.ts')
