/** Which folder may import which. A folder that is not listed for another is closed to it. */
const mayImport = {
  domain: [],
  platform: [],
  connectors: ['domain'],
  db: ['domain', 'platform'],
  activities: ['domain', 'connectors/connector', 'connectors/kit', 'db', 'platform'],
  workflows: [
    'domain/import-run',
    'domain/errors',
    'domain/control-characters',
    'domain/plan/describe-scope',
    'domain/run-trouble',
    'domain/derive-run-start',
  ],
  workers: ['domain', 'connectors', 'db', 'activities', 'workflows', 'platform'],
  api: ['domain', 'connectors/registry', 'db', 'platform'],
  console: [],
  cli: [
    'domain',
    'platform/visible-text',
    'connectors/oneroster-csv',
    'connectors/csv/rules',
    'connectors/kit',
    'connectors/registry',
    'stack',
    'bench',
    'simulators',
  ],
  simulators: [],
  stack: ['domain', 'platform', 'db', 'connectors/registry', 'workers', 'api', 'simulators'],
  bench: ['domain', 'platform', 'db', 'connectors', 'workers', 'api', 'simulators', 'stack'],
}
/** Erased at compile time, so nothing of the target reaches the importer at run time. */
const mayImportTypesOf = {
  workflows: ['domain', 'activities/interface', 'activities/schedule-interface'],
  api: ['workflows', 'connectors/connector'],
  console: ['api/contract'],
  cli: ['api/contract', 'connectors/connector'],
  simulators: ['domain'],
}

/**
 * The rooms of db/, each of which may import those before it: two that need each other are one room with a wall in it,
 * and nobody can read one alone.
 */
const roomsOfDb = [
  ...[
    'tables',
    'fields',
    'access',
    'schedule',
    'import',
    'notify',
    'connect',
    'staging',
    'engine',
    'records',
    'matching',
    'plan',
  ],
  ...['resolution', 'undo', 'retention'],
]

/** Which accident each border prevents; printed with the violation. */
const why = {
  domain: 'Rules must be testable with plain values: no database, no clock, no vendor.',
  platform: 'The machine around us must not learn about rosters, or every change of a roster word touches it.',
  connectors: 'A connector is given settings and yields records; one that writes to the database cannot be copied.',
  db: 'Stored data has no vendor: a connector name in a query makes every new connector a migration.',
  activities:
    'A step that knows the order of the steps, or who asked, cannot be run a second time by itself; one that knows a source works for that one alone.',
  workflows: 'Whatever a workflow imports as a value is bundled and replayed: it must be small and deterministic.',
  workers: 'The API and the console must be deployable without the keys that workers hold.',
  api: 'Only workers talk to a source or decrypt its secrets; the API knows which connectors there are, no more.',
  console: 'The console knows the contract of the API and nothing behind it.',
  cli: 'Everything but `validate` and `config lint` of a file goes through the API, so that a script and the console can do the same.',
  simulators: 'A stand-in written from the code it tests proves nothing.',
  stack: 'The embedded stack starts the processes; it does none of their work.',
  bench: 'A benchmark starts what it measures and reaches into none of its steps.',
}

const folders = Object.keys(mayImport)
const at = (path) => `^${path}(/|\\.)`

const closedFolders = folders.map((folder) => ({
  name: `${folder}-stays-inside-its-borders`,
  comment: why[folder],
  severity: 'error',
  from: { path: at(folder) },
  to: {
    path: `^(${folders.join('|')})/`,
    pathNot: [folder, ...mayImport[folder], ...(mayImportTypesOf[folder] ?? [])].map(at),
  },
}))

const typesOnly = Object.entries(mayImportTypesOf).map(([folder, targets]) => ({
  name: `${folder}-takes-types-only`,
  comment: `A value import would carry the code of ${targets.join(', ')} into ${folder}; its types cost nothing.`,
  severity: 'error',
  from: { path: at(folder) },
  to: {
    path: targets.map(at),
    ...(mayImport[folder].length > 0 && { pathNot: mayImport[folder].map(at) }),
    dependencyTypesNot: ['type-only'],
  },
}))

const orderedRooms = roomsOfDb.slice(0, -1).map((room, place) => ({
  name: `db-${room}-needs-no-later-room`,
  comment: `The rooms of db/ need each other in one direction only: ${roomsOfDb.join(', ')}.`,
  severity: 'error',
  from: { path: `^db/${room}/` },
  to: { path: `^db/(${roomsOfDb.slice(place + 1).join('|')})/` },
}))

module.exports = {
  forbidden: [
    ...closedFolders,
    ...typesOnly,
    ...orderedRooms,
    {
      name: 'a-room-of-db-has-its-place',
      comment: 'A room that is not in the order of rooms may need any other, and be needed by it.',
      severity: 'error',
      from: { path: '^db/[^/]+/', pathNot: `^db/(${roomsOfDb.join('|')})/` },
      to: { path: '^db/[^/]+/' },
    },
    {
      name: 'the-api-opens-nothing',
      comment:
        'Who breaks into the API, which strangers may speak to, must find no key and nothing that uses one; it seals with a public half.',
      severity: 'error',
      from: { path: at('api') },
      to: { path: '^platform/secret-box\\.ts$', reachable: true },
    },
    {
      name: 'no-cycles',
      comment:
        'What is undefined in a circle of values depends on who is loaded first. A type that closes a circle is erased and harms nobody.',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no-unresolved-import',
      comment: 'An import that leads nowhere hides from every other rule here.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
    {
      name: 'tests-are-for-tests',
      comment: 'A test hook in shipped code is a second behaviour nobody runs in production.',
      severity: 'error',
      from: { pathNot: '^tests/|^bin/|^eslint\\.config\\.js$|\\.test\\.ts$' },
      to: { path: '^tests/' },
    },
    {
      name: 'the-model-of-the-soak-is-its-own',
      comment: 'A model that calls what it judges agrees with every fault of it.',
      severity: 'error',
      from: { path: '^tests/soak/model/', pathNot: '\\.test\\.ts$' },
      to: { path: `^(${folders.join('|')})/`, pathNot: '^simulators/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'the-oracle-is-its-own',
      comment:
        'What says from the files alone what an import must have made of them agrees with every fault that it shares.',
      severity: 'error',
      from: { path: '^tests/end-to-end/oracle/', pathNot: '\\.test\\.ts$' },
      to: { path: `^(${folders.join('|')})/` },
    },
    {
      name: 'a-connector-does-not-know-its-neighbours',
      comment:
        'A connector is a folder that can be copied, reviewed and deleted as a unit. What two of them need goes to kit/.',
      severity: 'error',
      from: { path: '^connectors/([^/]+)/', pathNot: '^connectors/kit/' },
      to: { path: '^connectors/([^/]+)/', pathNot: '^connectors/($1|kit)/' },
    },
    {
      name: 'the-kit-knows-no-connector',
      comment: 'A tool that knows who uses it is a base class in disguise.',
      severity: 'error',
      from: { path: '^connectors/kit/' },
      to: { path: '^connectors/', pathNot: '^connectors/(kit/|connector\\.ts$)' },
    },
    {
      name: 'domain-is-pure',
      comment:
        'A node built-in in a rule brings the clock, the file system or Buffer along; workflows could not use it either. any-ascii is a table of letters and imports nothing.',
      severity: 'error',
      from: { path: at('domain') },
      to: { dependencyTypes: ['npm', 'core'], pathNot: 'node_modules/(zod|any-ascii)/' },
    },
    {
      name: 'what-workflows-use-brings-nothing',
      comment: 'These are imported by workflows as values: zod behind them would add a megabyte to the bundle.',
      severity: 'error',
      from: { path: '^domain/(import-run|errors|control-characters|plan/describe-scope|run-trouble)\\.ts$' },
      to: { dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'workflows-are-deterministic',
      comment:
        'A workflow is replayed from its history: the clock, the network or a random number would come out otherwise.',
      severity: 'error',
      from: { path: at('workflows') },
      to: { dependencyTypes: ['npm', 'core'], pathNot: 'node_modules/@temporalio/(workflow|common)/' },
    },
    {
      name: 'sql-lives-in-db',
      comment:
        'A query built anywhere else escapes the review of row-level security. bench/ is excepted for its floor (bare COPY), stack/ for making the cluster.',
      severity: 'error',
      from: { pathNot: '^(db|workers|stack|bench|tests)/' },
      to: { path: 'node_modules/(pg|kysely|pg-copy-streams)/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'one-log-for-all',
      comment: 'platform/log.ts takes out of an error what may quote a row; a logger made elsewhere prints it.',
      severity: 'error',
      from: { pathNot: '^(platform|tests)/' },
      to: { path: 'node_modules/pino/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'settings-enter-by-the-front-door',
      comment:
        'A setting read deep inside cannot be seen, checked or passed by a test; it becomes a parameter at main.ts.',
      severity: 'error',
      from: { pathNot: '^(workers|api|db)/main\\.ts$|^(stack|bench|tests)/' },
      to: { path: '^config\\.ts$', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'shipped-code-needs-no-dev-dependency',
      comment: 'The production image installs without devDependencies; such an import fails at its first start.',
      severity: 'error',
      from: {
        path: `^(${folders.join('|')}|config|bin)(/|\\.)`,
        pathNot: '\\.test\\.ts$|^bin/check\\.js$',
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^\\.rollbook/' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'] },
  },
}
