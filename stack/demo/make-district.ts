import { buffer } from 'node:stream/consumers'
import { makeLincolnCounty } from '../../simulators/oneroster-package/lincoln-county.ts'

/** Short name and display name of the demo district. */
export const demoDistrict = { slug: 'lincoln-county', name: 'Lincoln County Schools (demo)' } as const

/** The demo district's OneRoster package as a ZIP. Invented; the same bytes every time. */
export function makeDemoPackage(): Promise<Buffer> {
  return buffer(makeLincolnCounty())
}
