import { once } from 'node:events'
import { showJson, showText } from '../platform/visible-text.ts'

/** Writes a line for people: standard error, so that standard output stays one document. */
export function say(text: string): void {
  process.stderr.write(`${showText(text)}\n`)
}

/** Writes the one document of a command that was asked for `--json`. */
export async function printJson(value: unknown): Promise<void> {
  await write(`${formatJson(value)}\n`)
}

/** The same document that JSON.stringify gives; nothing in it acts on a terminal. */
export function formatJson(value: unknown): string {
  return showJson(JSON.stringify(value, null, 2))
}

/** Writes a line of the answer for people. */
export async function printLine(text: string): Promise<void> {
  await write(`${showText(text)}\n`)
}

let writeCount = 0

/** How often something was written to standard output: a document that is there must not be followed by another. */
export function countWrites(): number {
  return writeCount
}

/** Writes to standard output and waits while the reader is slow, so that a long list needs no memory. */
export async function write(text: string | Uint8Array): Promise<void> {
  writeCount++
  if (!process.stdout.write(text)) await once(process.stdout, 'drain')
}

/** Prints the body of an answer as it comes: byte by byte into a file or a program, and fit to be read in a terminal. */
export async function printBody({ body }: Response, isTerminal = process.stdout.isTTY): Promise<void> {
  if (body === null) return
  const decoder = new TextDecoder()
  // The body of a fetch yields bytes; its type says only that it yields something.
  for await (const chunk of body as ReadableStream<Uint8Array>) {
    await write(isTerminal ? showText(decoder.decode(chunk, { stream: true })) : chunk)
  }
}

/** Prints rows under a heading in columns wide enough for all of them. */
export async function printTable(heading: readonly string[], cells: readonly (readonly string[])[]): Promise<void> {
  // A name of two lines would look like two rows.
  const rows = cells.map((row) => row.map((cell) => cell.replaceAll(/[\t\r\n]+/g, ' ')))
  const widths = heading.map((title, at) => Math.max(title.length, ...rows.map((row) => (row[at] ?? '').length)))
  for (const row of [heading, ...rows]) {
    await printLine(
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
  }
}

const groupedNumber = new Intl.NumberFormat('en-US')

export function formatCount(count: number): string {
  return groupedNumber.format(count)
}

/** `1 student`, `2,406 students`; give the word of many where it is not that of one and an s. */
export function countOf(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`
}

export function formatPercent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
