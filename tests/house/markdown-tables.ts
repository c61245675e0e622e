/** One table of a Markdown page: the heading it stands under, and its rows by column name, back-ticks removed. */
export type MarkdownTable = { readonly heading: string; readonly rows: readonly Readonly<Record<string, string>>[] }

/** Every table of a page in order. A cell may not hold a `|`; ours do not. */
export function parseMarkdownTables(markdown: string): MarkdownTable[] {
  const tables: MarkdownTable[] = []
  let heading = ''
  let block: string[] = []
  for (const line of [...markdown.split('\n'), '']) {
    if (line.startsWith('#')) heading = line.replace(/^#+ /, '').trim()
    if (line.startsWith('|')) block.push(line)
    else if (block.length > 0) {
      tables.push({ heading, rows: parseRows(block) })
      block = []
    }
  }
  return tables
}

function parseRows(block: readonly string[]): Record<string, string>[] {
  const [head = [], , ...body] = block.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.replaceAll('`', '').trim()),
  )
  return body.map((cells) => Object.fromEntries(head.map((name, index) => [name, cells[index] ?? ''])))
}
