import type { MetLimit } from './met-limit.ts'

/** `school Franklin High (org-7)`, or the whole district; our id only where nothing else is known. */
export function describeScope({ scope, schoolId, schoolName, schoolSourceKey }: MetLimit): string {
  if (scope === 'district') return 'whole district'
  const name = schoolName ?? schoolId ?? ''
  return typeof schoolSourceKey === 'string' ? `school ${name} (${schoolSourceKey})` : `school ${name}`
}
