import { join } from 'node:path'
import type { Surroundings } from '../connectors/connector.ts'
import type { AppParts } from './app-environment.ts'

/** What connections of the district may use of this machine. */
export function surroundingsOf({ dropRoot }: Pick<AppParts, 'dropRoot'>, district: string): Surroundings {
  return dropRoot === undefined ? {} : { folderRoot: join(dropRoot, district) }
}
