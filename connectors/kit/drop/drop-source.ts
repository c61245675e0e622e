import { RollbookFailure } from '../../../domain/errors.ts'
import type { ConnectionTest, FoundInput, InputSource, Surroundings } from '../../connector.ts'
import { choosePackage } from './choose-package.ts'
import { packages, type DropContent } from './drop-content.ts'
import { isSameInput, type DropPlace } from './drop-place.ts'
import type { DropSettings } from './drop-settings.ts'
import { findFolderProblem, openFolderPlace } from './folder-place.ts'
import { findSftpProblem, openSftpPlace } from './sftp-place.ts'

/** Fetches the packages of a connector, or what else its files are, from the place that its settings name. */
export function createDropSource<Settings>(
  findDrop: (settings: Settings) => DropSettings | undefined,
  content: DropContent = packages,
): InputSource<Settings> {
  const getDrop = (settings: Settings): DropSettings => {
    const drop = findDrop(settings)
    if (drop === undefined)
      throw new RollbookFailure('SOURCE_REFUSED', 'The connection takes uploads and names no source.')
    return drop
  }
  return {
    isNamed: (settings) => findDrop(settings) !== undefined,
    find: (settings, surroundings, signal) =>
      withPlace(getDrop(settings), surroundings, signal, content, async (place) => (await place.list())[0]),
    fetch: ({ settings, surroundings, signal, known, earlier, now, receive }) => {
      const drop = getDrop(settings)
      const patience = { settleMs: drop.settleSeconds * 1000, patienceMs: drop.patienceMinutes * 60_000 }
      return withPlace(drop, surroundings, signal, content, async (place) => {
        const choice = await choosePackage(place, known, patience, { earlier, now }, content)
        if (choice.kind !== 'chosen') return choice
        const { found } = choice
        if (isSameInput(found, known)) return { kind: 'known' }
        const file = await place.open(found)
        try {
          await receive(found, readWhole(place, found, file.stream(0, file.sizeBytes)))
        } finally {
          await file.close()
        }
        return { kind: 'received' }
      })
    },
  }
}

/** Why the place can never be looked into from here, as far as that is known without asking it; undefined otherwise. */
export async function findDropProblem(drop: DropSettings, surroundings: Surroundings): Promise<string | undefined> {
  return drop.kind === 'folder' ? await findFolderProblem(drop, surroundings) : findSftpProblem(drop, surroundings)
}

/** Tries to look into the place, and says what is wrong in words for the operator. Never throws. */
export async function testDrop(
  drop: DropSettings,
  surroundings: Surroundings,
  content: DropContent = packages,
): Promise<ConnectionTest> {
  try {
    const found = await withPlace(
      drop,
      surroundings,
      AbortSignal.timeout(testPatienceMs),
      content,
      async (place) => (await place.list())[0],
    )
    if (found !== undefined) return { isConnected: true }
    return { isConnected: false, reason: `The folder can be read, and there is no ${content.what} in it.` }
  } catch (error) {
    if (error instanceof RollbookFailure) return { isConnected: false, reason: error.message }
    return { isConnected: false, reason: 'The source did not answer within half a minute.' }
  }
}

const testPatienceMs = 30_000

async function withPlace<Result>(
  drop: DropSettings,
  surroundings: Surroundings,
  signal: AbortSignal,
  content: DropContent,
  look: (place: DropPlace) => Promise<Result>,
): Promise<Result> {
  const place =
    drop.kind === 'folder'
      ? await openFolderPlace(drop, surroundings, content)
      : await openSftpPlace(drop, surroundings, signal, content)
  try {
    return await look(place)
  } finally {
    await place.close()
  }
}

/** The bytes; throws behind the last one if the sender replaced the file meanwhile: they may be of two packages. */
async function* readWhole(
  place: DropPlace,
  found: FoundInput,
  content: AsyncIterable<Buffer>,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const piece of content) {
    bytes += piece.length
    yield piece
  }
  const now = (await place.list()).find(({ name }) => name === found.name)
  if (bytes !== found.bytes || !isSameInput(now, found)) {
    throw new RollbookFailure('SOURCE_UNAVAILABLE', 'The package changed while it was read; it is read again.')
  }
}
