#!/usr/bin/env node
import { runOnOurNode } from './prepare.js'

runOnOurNode('stack/start.ts')
