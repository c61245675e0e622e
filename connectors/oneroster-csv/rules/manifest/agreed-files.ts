import { problem } from '../../../../domain/import-rules/rule.ts'
import type { Problem, Rule } from '../../../../domain/import-rules/rule.ts'

/** How each data file of a package was sent, by its name; a file that is not read is not in it. */
export type FileModes = Readonly<Record<string, string>>

/**
 * M-12, of a package that says of itself that it is complete: whatever it leaves out or sends in another way is a
 * change of the export that somebody may not know of. What a delta brings differs by nature.
 */
export function checkAgreedFiles(files: FileModes, last: FileModes): Problem | undefined {
  const names = [...new Set([...Object.keys(last), ...Object.keys(files)])].sort()
  const changes = names.flatMap((name) => {
    const [mode, before] = [files[name], last[name]]
    if (mode === before) return []
    if (mode === undefined) return [`${name}.csv is missing`]
    return [before === undefined ? `${name}.csv is new` : `${name}.csv is ${mode} and was ${before}`]
  })
  if (changes.length === 0) return undefined
  return problem(
    `The files are not those of the last complete package: ${changes.join(', ')}. Has the export been changed on purpose?`,
  )
}

export const filesAreAsAgreed: Rule<typeof checkAgreedFiles> = {
  id: 'M-12',
  title: 'set of files or their modes differ from what was agreed for this source',
  severity: { strict: undefined, default: 'warning' },
  appliesTo: 'run',
  check: checkAgreedFiles,
}
