/** What a mail says, before it is text or HTML. */
export type Notice = {
  readonly subject: string
  readonly title: string
  readonly paragraphs: readonly string[]
  readonly tables: readonly {
    readonly heading: string
    readonly rows: readonly (readonly [label: string, value: string])[]
  }[]
  /** What to type, next. */
  readonly commands: readonly string[]
  readonly link: { readonly label: string; readonly url: string } | undefined
}

/** Plain text in lines that a mail program need not break. */
export function renderText({ title, paragraphs, tables, commands, link }: Notice): string {
  const parts = [title, ...paragraphs]
  for (const { heading, rows } of tables) {
    const width = Math.max(...rows.map(([label]) => label.length))
    parts.push([`${heading}:`, ...rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`)].join('\n'))
  }
  if (link !== undefined) parts.push(`${link.label}:\n  ${link.url}`)
  if (commands.length > 0) parts.push(['On the command line:', ...commands.map((text) => `  ${text}`)].join('\n'))
  return `${parts.join('\n\n')}\n`
}

/** A page without pictures, scripts and styles from elsewhere: nothing is fetched when it is opened. */
export function renderHtml({ subject, title, paragraphs, tables, commands, link }: Notice): string {
  const lines = [
    '<!doctype html>',
    fill`<html lang="en"><head><meta charset="utf-8"><title>${subject}</title></head>`,
    '<body style="font-family:sans-serif;font-size:14px">',
    fill`<h1 style="font-size:18px">${title}</h1>`,
    ...paragraphs.map((text) => fill`<p>${text}</p>`),
  ]
  for (const { heading, rows } of tables) {
    lines.push(fill`<h2 style="font-size:15px">${heading}</h2>`, '<table>')
    for (const [label, value] of rows) {
      lines.push(fill`<tr><td style="padding-right:16px">${label}</td><td>${value}</td></tr>`)
    }
    lines.push('</table>')
  }
  if (link !== undefined) lines.push(fill`<p><a href="${link.url}">${link.label}</a></p>`)
  if (commands.length > 0) lines.push(fill`<pre>${commands.join('\n')}</pre>`)
  return `${lines.join('\n')}\n</body></html>\n`
}

/** Escapes every value that is put in; the text around them is ours. */
function fill(parts: TemplateStringsArray, ...values: readonly string[]): string {
  return parts.map((part, at) => (at === 0 ? part : escapeHtml(values[at - 1] ?? '') + part)).join('')
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
