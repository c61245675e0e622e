import { checkCommentedFiles, checkNamedFiles, checkStory } from './document-checks.ts'
import { checkSiblings } from './siblings.ts'
import type { SourceFile } from './source-files.ts'
import { checkUnusedExports } from './unused-exports.ts'

/**
 * Checks of the tree as text: each takes the files and gives one line per violation, `path:line reason`.
 * Pure, so that a test can plant a violation and see it caught.
 */
export type TreeCheck = { readonly name: string; readonly check: (files: readonly SourceFile[]) => string[] }

const maxLines = 400
const code = /\.(ts|tsx|js|cjs|mjs)$/
const sizeExcepted = /(^|\/)(fixtures|histories|generated)\//

const drawers = new Set(['utils', 'util', 'helpers', 'helper', 'common', 'shared', 'lib', 'types', 'services', 'core'])
drawers.add('misc')

/** Names a tool or a habit of the trade demands. */
const givenNames =
  /^(README|ARCHITECTURE|CONTRIBUTING|CHANGELOG|SECURITY)\.md$|^(LICENSE|Dockerfile)$|^\.|^\d{4}[-_][a-z0-9-]+\./
const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/

/** Connectors of the product that are not built yet are named too: the core must not wait for them. */
const plannedConnectors = ['powerschool', 'clever', 'oneroster-rest', 'oneroster-csv', 'eschoolplus']
const coreFolders = /^(domain|db|activities|workflows|workers|platform|api|console)\/|^config\.ts$/

const rosterWord =
  /\b(students?|teachers?|guardians?|enrol+ments?|rosters?|schools?|courses?|districts?|sourced_?ids?|sis_?ids?|oneroster)\b/i

const machinePath = /(?<![\w.@-])\/(root|work|home\/[a-z]\w*|Users\/[a-z]\w*)\//
const machineHost = /\b(registry\.[\w-]+(\.[\w-]+)+|[\w-]+\.(internal|lan|corp)\b|10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+)/

export const treeChecks: readonly TreeCheck[] = [
  { name: `no file over ${maxLines} lines`, check: checkFileSizes },
  { name: 'no drawer folders or files', check: checkDrawers },
  { name: 'no folder of more than twenty siblings without a reason', check: checkSiblings },
  { name: 'file names in kebab-case', check: checkFileNames },
  { name: 'no path or host of a machine', check: checkMachineNames },
  { name: 'no connector id in the core', check: checkConnectorIds },
  { name: 'no roster word in platform/', check: checkPlatformWords },
  { name: 'one home for the words of findings, plans and limits', check: checkSecondHomes },
  { name: 'every export is taken by another file', check: checkUnusedExports },
  { name: 'every lint exception has its reason', check: checkLintExceptions },
  { name: 'no TODO without an issue number', check: checkTodos },
  { name: 'changelog has an Unreleased section', check: checkChangelog },
  { name: 'dependencies pinned exactly', check: checkPinnedVersions },
  { name: 'lock file records no addresses', check: checkLockFile },
  { name: 'files named in the documents exist', check: checkNamedFiles },
  { name: 'files named in comments exist', check: checkCommentedFiles },
  { name: 'ARCHITECTURE.md is a story that leads to every page', check: checkStory },
]

export function checkFileSizes(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => code.test(path) && !sizeExcepted.test(path))
    .map(({ path, text }) => ({ path, lineCount: text.split('\n').length - (text.endsWith('\n') ? 1 : 0) }))
    .filter(({ lineCount }) => lineCount > maxLines)
    .map(({ path, lineCount }) => `${path} has ${lineCount} lines: split it by noun`)
}

export function checkDrawers(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => path.split('/').some((part) => drawers.has(part.replace(/\..*$/, ''))))
    .map(({ path }) => `${path}: a thing without a home is a concept without a name; name it`)
}

export function checkFileNames(files: readonly SourceFile[]): string[] {
  const isNamedWell = (part: string): boolean => kebab.test(part) || givenNames.test(part)
  return files
    .filter(({ path }) => !sizeExcepted.test(path) && !path.split('/').every(isNamedWell))
    .map(({ path }) => `${path} is not kebab-case`)
}

export function checkMachineNames(files: readonly SourceFile[]): string[] {
  return findLines(
    files.filter(({ path }) => path !== 'package-lock.json'),
    (line) => machinePath.test(line) || machineHost.test(line),
    'names a path or a host of one machine',
  )
}

export function checkConnectorIds(files: readonly SourceFile[]): string[] {
  const built = files
    .map(({ path }) => /^connectors\/([^/]+)\//.exec(path)?.[1])
    .filter((folder) => folder !== undefined && folder !== 'kit' && folder !== 'csv')
  const id = new RegExp(`(?<![\\w-])(${[...new Set([...plannedConnectors, ...built])].join('|')})(?![\\w-])`)
  return findLines(
    files.filter(({ path }) => coreFolders.test(path) && code.test(path)),
    // A comment may give an example; a branch, a list or a constraint may not.
    (line) => id.test(line) && !/^\s*(\*|\/[/*])/.test(line),
    'names a connector: what varies belongs into connectors/, the core reads the registry',
  )
}

export function checkPlatformWords(files: readonly SourceFile[]): string[] {
  return findLines(
    files.filter(({ path }) => path.startsWith('platform/') && code.test(path)),
    (line) => rosterWord.test(line),
    'has a roster word: platform/ is the machine around us',
  )
}

/** Lists that were spelled anew in the contracts of activities and API, until one of them had a word more. */
const homes: readonly { readonly path: string; readonly list: RegExp }[] = [
  { path: 'domain/import-rules/finding.ts', list: /'block'[\s,|]+'error'|\bblock: [\w.]+[\s,;]+(?:readonly )?error:/ },
  { path: 'domain/plan/plan-action.ts', list: /'create'[\s,|]+'update'[\s,|]+'deactivate'/ },
  { path: 'domain/plan/met-limit.ts', list: /'deactivations'[\s,|]+'updates'/ },
]

/** Tests spell out what they expect. */
export function checkSecondHomes(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => code.test(path) && !path.startsWith('tests/'))
    .flatMap(({ path, text }) =>
      homes
        .filter((home) => home.path !== path && home.list.test(text))
        .map((home) => `${path} spells out anew what ${home.path} has`),
    )
}

export function checkLintExceptions(files: readonly SourceFile[]): string[] {
  return findLines(
    files.filter(({ path }) => code.test(path) && !path.startsWith('tests/house/')),
    (line) => /(eslint-disable|prettier-ignore|@ts-expect-error)/.test(line) && !/(--|:|error) \S.{8,}/.test(line),
    'is an exception without its reason (`-- why`)',
  )
}

export function checkTodos(files: readonly SourceFile[]): string[] {
  return findLines(
    files.filter(({ path }) => code.test(path) && !path.startsWith('tests/house/')),
    (line) => /\b(TODO|FIXME|XXX|HACK)\b/.test(line) && !/#\d+/.test(line),
    'is a reminder without an issue number',
  )
}

export function checkChangelog(files: readonly SourceFile[]): string[] {
  const changelog = files.find(({ path }) => path === 'CHANGELOG.md')
  return changelog !== undefined && /^## Unreleased$/m.test(changelog.text)
    ? []
    : ['CHANGELOG.md needs a section "## Unreleased"']
}

export function checkPinnedVersions(files: readonly SourceFile[]): string[] {
  const parsed: unknown = JSON.parse(files.find(({ path }) => path === 'package.json')?.text ?? '{}')
  return Object.entries(Object(parsed) as Record<string, Record<string, string>>)
    .filter(([section]) => /dependencies$/i.test(section) && section !== 'peerDependencies')
    .flatMap(([section, wanted]) => Object.entries(wanted).map(([name, version]) => ({ section, name, version })))
    .filter(({ version }) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(({ section, name, version }) => `package.json ${section}: ${name} is "${version}", not one exact version`)
}

export function checkLockFile(files: readonly SourceFile[]): string[] {
  const lock = files.find(({ path }) => path === 'package-lock.json')
  if (lock === undefined) return ['package-lock.json is missing']
  return findLines(
    [lock],
    (line) => /"resolved"\s*:\s*"(?!file:|node_modules|tools|packages)/.test(line),
    'records an address',
  )
}

function findLines(files: readonly SourceFile[], isWrong: (line: string) => boolean, reason: string): string[] {
  return files.flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) => (isWrong(line) ? [`${path}:${index + 1} ${reason}`] : [])),
  )
}
