import type { InputFile } from '../kit/input-file.ts'
import { oneRosterTypes } from '../kit/one-roster/data-types/registry.ts'
import { openPackage } from './package/open-package.ts'
import type { OneRosterCsvSettings } from './settings.ts'

/** Data types of which the package does not have a file that they need, by its directory and manifest alone. */
export async function findUnfed(
  { profile }: OneRosterCsvSettings,
  input: InputFile,
): Promise<ReadonlyMap<string, string>> {
  const { version, files } = await openPackage(input, { profile, sink: () => undefined })
  if (version === null) return new Map()
  const names = new Set(files.map(({ name }) => name))
  return new Map(
    oneRosterTypes.flatMap(({ dataType, needs }) => {
      const missing = needs.find((name) => !names.has(name))
      return missing === undefined ? [] : [[dataType, `the package has no ${missing}.csv`]]
    }),
  )
}
