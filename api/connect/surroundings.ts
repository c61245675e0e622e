import { join } from 'node:path'
import type { Surroundings } from '../../connectors/connector.ts'
import type { AppParts } from '../app-environment.ts'

/** What connections of the district may use of this machine. */
export function surroundingsOf(
  { dropRoot, mayReach }: Pick<AppParts, 'dropRoot' | 'mayReach'>,
  district: string,
): Surroundings {
  return { ...(dropRoot !== undefined && { folderRoot: join(dropRoot, district) }), mayReach }
}
