import { readConfig } from '../config.ts'
import { describeSealingKey } from '../platform/secret-box.ts'

/**
 * `node deploy/derive-sealing-key.ts` prints the line of the environment file that the API needs: the half that seals of the
 * first key in ROLLBOOK_SECRET_KEY. The same key gives the same line each time.
 */
const { ROLLBOOK_SECRET_KEY: keys } = readConfig(['ROLLBOOK_SECRET_KEY'])
process.stdout.write(`ROLLBOOK_SEALING_KEY=${describeSealingKey(keys)}\n`)
