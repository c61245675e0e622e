/** By what an operation is found in the reference. An address that none of these begins has a tag of its own word. */
const tags: Readonly<Record<string, string>> = {
  health: 'Whether the API and what it needs are there.',
  districts: 'Who is imported for. Nothing of one district is seen from another.',
  connections: 'Where a district gets its records from: a connector with settings, which are sealed and never shown.',
  configurations: 'How the rows of a source become records.',
  schedules: 'Imports that begin by themselves, and what came of each.',
  uploads: 'Packages that are sent in pieces and go on after a broken connection.',
  imports: 'Packages that are imported.',
  'import-sets': 'One input for several data types: a run for each.',
  runs: 'Imports and what came of them: findings, plan, holds, undo.',
  cases: 'People of an input who may be somebody we hold.',
  records: 'What is held, and who changed it when.',
  notifications: 'Who is told by mail.',
  webhooks: 'Programs that are told.',
  events: 'What happened that somebody may be told of.',
  deliveries: 'What was sent to whom, and whether it arrived.',
  ids: 'From the beginning of an id to the whole.',
  stream: 'What happens, as it happens: server-sent events.',
}

/** The tag: the thing at the end of the way through districts and connections. */
export function tagOperation(path: string): string {
  const things = path.split('/').filter((segment) => segment !== '' && segment !== 'api' && !segment.startsWith('{'))
  const [first = 'health', second] = things
  if (things.at(-1) === 'stream') return 'stream'
  if (second !== undefined && (first === 'districts' || second in tags)) return second
  return first
}

export function describeTag(name: string): string {
  return tags[name] ?? `About ${name.replaceAll('-', ' ')}.`
}
