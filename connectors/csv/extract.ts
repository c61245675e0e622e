import type { ExtractReport, ExtractRequest, ExtractSink } from '../connector.ts'
import type { InputFile } from '../kit/input-file.ts'
import { checkRows, collectionName } from './check-rows.ts'
import { findLayout, type TableLayout } from './read/find-layout.ts'
import { defaultTableLimits, type Delimiter, type TableLimits } from './read/parse-rows.ts'
import { decodeText, nameOf, recogniseText, type RecognisedText } from './read/recognise-text.ts'
import { rulesOfTables } from './rules.ts'
import type { CsvSettings } from './settings.ts'
import { TableDamage } from './table-damage.ts'

/** Enough for fifty rows of most tables; a header that is not within it is not found. */
const startBytes = 1 << 18

const delimiterOf: Readonly<Record<CsvSettings['delimiter'], Delimiter | 'auto'>> = {
  auto: 'auto',
  comma: ',',
  semicolon: ';',
  tab: '\t',
}

/**
 * Reads a table once and gives its rows. One that is damaged is refused as a whole, with the place: a row that is shifted by a
 * cell looks like any other. A row whose id is damaged is set aside. It never proves an absence.
 */
export async function extract(
  request: ExtractRequest<CsvSettings>,
  sink: ExtractSink,
  limits: TableLimits = defaultTableLimits,
): Promise<ExtractReport> {
  const [part] = request.input.parts
  if (part === undefined) throw new Error('a table is one part')
  const { file } = part
  const tell: ExtractSink['finding'] = (finding) => {
    sink.finding({ file: file.name, ...finding })
  }
  const nothing = { isComplete: false, isDelta: false, contestedKeys: {} }
  try {
    const text = await recogniseText(file)
    const columns = request.columns[collectionName] ?? []
    const { delimiter, headerLine } = request.settings
    const wanted = { columns, headerLine, delimiter: delimiterOf[delimiter] }
    const layout = await findLayout(await readStart(file, text), wanted)
    tellForm(text, layout, tell)
    const { rowsRead, repeatedKeys } = await checkRows({ file, text, layout, limits, request, sink, tell })
    return { ...nothing, isUsable: true, contestedKeys: { [collectionName]: repeatedKeys }, rowsRead }
  } catch (error) {
    if (!(error instanceof TableDamage)) throw error
    tell(error.finding)
    return { ...nothing, isUsable: false, refusal: error.refusal, rowsRead: 0 }
  }
}

async function readStart(file: InputFile, text: RecognisedText): Promise<Buffer> {
  const blocks: Buffer[] = []
  let length = 0
  for await (const block of decodeText(file, text)) {
    blocks.push(block)
    length += block.length
    if (length >= startBytes) break
  }
  return Buffer.concat(blocks)
}

/** What is understood, so that whoever wonders about a letter or a row sees why. */
function tellForm({ encoding, markBytes }: RecognisedText, layout: TableLayout, tell: ExtractSink['finding']): void {
  if (encoding !== 'utf-8' || markBytes > 0) {
    const mark = markBytes > 0 ? ' with a byte order mark' : ''
    const doubt =
      encoding === 'windows-1252' ? ' Look at a few names with accents; where they are wrong, save as "CSV UTF-8".' : ''
    const message = `The text is ${nameOf[encoding]}${mark}, and is read as that.${doubt}`
    tell({ rule: rulesOfTables.encoding.id, severity: 'info', line: 1, message })
  }
  if (layout.headerLine > 1) {
    const message = `The header is in line ${layout.headerLine}; what stands above it is passed over.`
    tell({ rule: rulesOfTables.lateHeader.id, severity: 'info', line: layout.headerLine, message })
  }
}
