import type { EventFacts } from './event-facts.ts'
import { eventKinds, type EventKind } from './event-kinds.ts'

/**
 * What makes two events the same trouble: kind, failure code, and which limits are met where. Numbers are left out: a
 * hold about 76 people and four hours later about 77 is one trouble. Null for what is no trouble.
 */
export function deriveSymptom(kind: EventKind, { failureCode, limits = [] }: EventFacts): string | null {
  if (eventKinds[kind].mood !== 'bad') return null
  const met = limits.map(({ limit, scope, schoolId }) => `${limit}@${schoolId ?? scope}`)
  return [kind, failureCode ?? '', ...[...new Set(met)].sort()].join(' ').trim()
}

/** The topics whose trouble an event of this kind ends: an import that ended well needs no decision any more either. */
export function deriveEndedTopics(kind: EventKind): readonly string[] {
  const { mood, topic } = eventKinds[kind]
  if (mood !== 'well') return []
  return topic === 'import' ? ['import', 'hold'] : [topic]
}
