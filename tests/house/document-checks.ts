import type { SourceFile } from './source-files.ts'

/** What documents and comments say of the tree, checked against it: one line per violation, as in tree-checks.ts. */
const storyPath = 'ARCHITECTURE.md'
const maxStoryLines = 80

const ourFolders =
  'activities|api|bench|bin|cli|connectors|console|db|deploy|docs|domain|platform|simulators|stack|tests|tools|workers|workflows'
const belowOurs = new RegExp(`^(${ourFolders})/[\\w./-]*$`)
/** A file of ours wherever it is: `users.csv` or `out/package.zip` in an example are the reader's. */
const writtenByUs = /^[\w./-]*\w\.(ts|tsx|js|cjs|mjs|sql|md|yml|yaml|sh)$/

/**
 * A path in back-ticks or in a link of a Markdown file is a promise that it is there, seen from the root or from the
 * page; a pattern with `<…>`, `*` or `…` is none. The changelog may name what was.
 */
export function checkNamedFiles(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.map(({ path }) => path))
  return files
    .filter(({ path }) => path.endsWith('.md') && path !== 'CHANGELOG.md')
    .flatMap(({ path, text }) => {
      const named = listNamed(path, text).filter((one) => !isThere(paths, one) && !isThere(paths, join(path, one)))
      const linked = listLinks(text).filter((one) => !isThere(paths, join(path, one)))
      return [...named, ...linked].map((one) => `${path} names ${one}, which is not there`)
    })
}

/** In the page of a folder a word such as `scan/` is one of its folders. */
function listNamed(path: string, markdown: string): string[] {
  const words = [...markdown.matchAll(/`([^`\s]+)`/g)].map(([, word = '']) => word)
  const isFolderPage = path.endsWith('/README.md')
  return words.filter(
    (word) => belowOurs.test(word) || writtenByUs.test(word) || (isFolderPage && /^[a-z][\w/-]*\/$/.test(word)),
  )
}

/** Targets of links, without what they lead to inside a page; addresses are somebody else's. */
function listLinks(markdown: string): string[] {
  return [...markdown.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(([, target = '']) => target)
    .filter((target) => !/^[a-z]+:/.test(target))
}

/**
 * A file of ours that a comment names is there: seen from the root, from the file, or by its name alone, for a comment
 * speaks to somebody who has the tree before him.
 */
export function checkCommentedFiles(files: readonly SourceFile[]): string[] {
  const paths = new Set(files.map(({ path }) => path))
  const names = new Set(files.map(({ path }) => path.replace(/^.*\//, '')))
  const isKnown = (named: string, from: string): boolean =>
    named.includes('/') ? isThere(paths, named) || isThere(paths, join(from, named)) : names.has(named)
  return files.flatMap(({ path, text }) =>
    listComments(path, text).flatMap(({ line, comment }) =>
      listMentioned(comment)
        .filter((named) => !isKnown(named, path))
        .map((named) => `${path}:${line} names ${named}, which is not there`),
    ),
  )
}

function listMentioned(comment: string): string[] {
  const words = comment.match(/[\w./@:-]+/g) ?? []
  return words.map((word) => word.replace(/[.:-]+$/, '')).filter((word) => writtenByUs.test(word))
}

/** The comments of a file, line by line. By their look: a text in quotes that looks like one is taken for one, too. */
function listComments(path: string, text: string): { readonly line: number; readonly comment: string }[] {
  const look = findCommentLook(path)
  if (look === undefined) return []
  return text.split('\n').flatMap((line, index) => {
    const comment = look.exec(line)?.[1]
    return comment === undefined ? [] : [{ line: index + 1, comment }]
  })
}

function findCommentLook(path: string): RegExp | undefined {
  if (/\.(ts|tsx|js|cjs|mjs)$/.test(path)) return /(?:^\s*\/?\*+|(?:^|\s)\/\*\*|(?:^|\s)\/\/)(.*)$/
  if (path.endsWith('.sql')) return /--(.*)$/
  return /\.(yml|yaml|sh|example)$|(^|\/)Dockerfile$/.test(path) ? /(?:^|\s)#(.*)$/ : undefined
}

/** ARCHITECTURE.md is read in one sitting, and the page beside a folder is found from there. */
export function checkStory(files: readonly SourceFile[]): string[] {
  const story = files.find(({ path }) => path === storyPath)
  if (story === undefined) return [`${storyPath} is missing`]
  const lineCount = story.text.trimEnd().split('\n').length
  const linked = new Set(listLinks(story.text))
  return [
    ...(lineCount > maxStoryLines
      ? [`${storyPath} has ${lineCount} lines: tell it beside the folder it is about`]
      : []),
    ...files
      .filter(({ path }) => path.endsWith('/README.md') && !linked.has(path))
      .map(({ path }) => `${storyPath} does not lead to ${path}`),
  ]
}

function isThere(paths: ReadonlySet<string>, named: string): boolean {
  const path = named.replace(/\/$/, '')
  if (paths.has(path)) return true
  for (const one of paths) if (one.startsWith(`${path}/`)) return true
  return false
}

/** `named` as seen from the file `from`. */
function join(from: string, named: string): string {
  const parts = from.split('/').slice(0, -1)
  for (const part of named.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '.') parts.push(part)
  }
  return parts.join('/')
}
