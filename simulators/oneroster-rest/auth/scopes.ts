import type { Version } from '../options.ts'

/** What a request needs: any one of these scopes. */
export type Need = 'core' | 'nested' | 'demographics' | 'gradebook' | 'resources'

const scopesOf11: Readonly<Record<Need, readonly string[]>> = {
  core: ['roster-core.readonly'],
  nested: ['roster.readonly'],
  demographics: ['roster-demographics.readonly'],
  gradebook: ['gradebook.readonly'],
  resources: ['resource.readonly'],
}

/** In 1.2 `roster.readonly` opens everything but demographics. */
const scopesOf12: Readonly<Record<Need, readonly string[]>> = {
  core: ['roster-core.readonly', 'roster.readonly'],
  nested: ['roster.readonly'],
  demographics: ['roster-demographics.readonly'],
  gradebook: ['gradebook.readonly', 'gradebook-core.readonly'],
  resources: ['resource.readonly'],
}

const scopes = { '1.1': scopesOf11, '1.2': scopesOf12 } as const

const prefixOf = (version: Version): string =>
  `https://purl.imsglobal.org/spec/or/${version === '1.1' ? 'v1p1' : 'v1p2'}/scope/`

/** All that a client can be given, as URIs. */
export function listScopes(version: Version, allowed?: readonly string[]): string[] {
  const known = [...new Set(Object.values(scopes[version]).flat())]
  return known.filter((name) => allowed?.includes(name) ?? true).map((name) => prefixOf(version) + name)
}

export function isOpened(version: Version, need: Need, granted: ReadonlySet<string>): boolean {
  return scopes[version][need].some((name) => granted.has(prefixOf(version) + name))
}
