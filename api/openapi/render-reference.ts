import { createHash } from 'node:crypto'
import { listOperations, type OpenApiDocument, type Operation } from './document.ts'

const style = `
:root { color-scheme: light dark; --line: #8884; --soft: #8882; }
body { font: 16px/1.5 system-ui, sans-serif; margin: 0 auto; max-width: 60rem; padding: 1rem 1.5rem 4rem; }
code, pre { font: .875em/1.45 ui-monospace, monospace; }
pre { background: var(--soft); border-radius: .4rem; overflow-x: auto; padding: .6rem .8rem; }
h1 { margin-bottom: 0 } h2 { border-bottom: 1px solid var(--line); margin-top: 3rem; text-transform: capitalize }
details { border: 1px solid var(--line); border-radius: .4rem; margin: .5rem 0; padding: .4rem .8rem }
summary { cursor: pointer } details[open] > summary { margin-bottom: .6rem }
table { border-collapse: collapse; width: 100% }
td, th { border-top: 1px solid var(--line); padding: .3rem .6rem .3rem 0; text-align: left; vertical-align: top }
.method { display: inline-block; font-weight: 700; min-width: 4.5rem; text-transform: uppercase }
nav a { display: inline-block; margin-right: 1rem }
`

/** The OpenAPI document as one page to read: no script, nothing of another origin. */
export function renderReference(document: OpenApiDocument): { readonly html: string; readonly styleHash: string } {
  const { info, tags = [], components } = document
  const operations = listOperations(document)
  const sections = tags.map(({ name, description }) => {
    const own = operations.filter(({ operation }) => operation.tags?.includes(name))
    const parts = own.map(({ method, path, operation }) => renderOperation(method, path, operation))
    return `<section id="${escape(name)}"><h2>${escape(name.replaceAll('-', ' '))}</h2><p>${prose(description)}</p>${parts.join('')}</section>`
  })
  const schemas = Object.entries(components['schemas'] ?? {}).map(
    ([name, schema]) =>
      `<details id="schema-${escape(name)}"><summary><code>${escape(name)}</code></summary>${renderSchema(schema)}</details>`,
  )
  const links = [...tags.map(({ name }) => name), 'schemas'].map(
    (name) => `<a href="#${escape(name)}">${escape(name)}</a>`,
  )
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(info.title)} API</title><style>${style}</style></head>
<body><header><h1>${escape(info.title)} API</h1><p>${escape(info.version)} · <a href="/api/openapi.json">OpenAPI document</a></p>
${(info.description ?? '')
  .split('\n\n')
  .map((text) => `<p>${prose(text)}</p>`)
  .join('')}</header>
<nav aria-label="Parts">${links.join('')}</nav>
<main>${sections.join('')}<section id="schemas"><h2>Schemas</h2>${schemas.join('')}</section></main></body></html>
`
  return { html, styleHash: `sha256-${createHash('sha256').update(style).digest('base64')}` }
}

function renderOperation(method: string, path: string, operation: Operation): string {
  const { operationId = '', summary = '', description = '', parameters = [], requestBody, responses } = operation
  const shown = parameters.map((one) =>
    '$ref' in one
      ? `<tr><td><code>${escape(one.$ref.split('/').at(-1) ?? '')}</code></td><td>header</td><td>On every such request; see the description of idempotency keys.</td></tr>`
      : `<tr><td><code>${escape(one.name)}</code>${one.required === true ? ' (needed)' : ''}</td><td>${escape(one.in)}</td><td>${prose(one.description ?? '')} ${inline(one.schema)}</td></tr>`,
  )
  const answers = Object.entries(responses).map(([status, answer]) => {
    const link = typeof answer === 'object' && answer !== null && '$ref' in answer
    const words = link ? 'A problem: its <code>code</code> says which' : describeAnswer(answer)
    return `<tr><td><code>${escape(status)}</code></td><td>${words}</td></tr>`
  })
  return `<details id="${escape(operationId)}"><summary><span class="method">${escape(method)}</span> <code>${escape(path)}</code> ${prose(summary)}</summary>
<p>${prose(description)}</p>
${shown.length === 0 ? '' : `<h3>Takes</h3><table>${shown.join('')}</table>`}
${requestBody === undefined ? '' : `<h3>Body</h3>${renderContent(requestBody)}`}
<h3>Answers</h3><table>${answers.join('')}</table></details>`
}

function describeAnswer(answer: unknown): string {
  const { description = '' } = answer as { description?: string } // a response object of OpenAPI
  return `${prose(description)}${renderContent(answer)}`
}

function renderContent(holder: unknown): string {
  const { content = {} } = holder as { content?: Record<string, { schema?: unknown }> } // a response or request body of OpenAPI
  return Object.entries(content)
    .map(([type, { schema }]) => `<div><code>${escape(type)}</code> ${inline(schema)}</div>`)
    .join('')
}

/** A named schema as a link, anything else as it stands in the document. */
function inline(schema: unknown): string {
  if (schema === undefined) return ''
  const name = /^#\/components\/schemas\/(\w+)$/.exec((schema as { $ref?: string }).$ref ?? '')?.[1] // an object, or it has no $ref
  if (name !== undefined) return `<a href="#schema-${name}"><code>${name}</code></a>`
  const text = JSON.stringify(schema)
  return text.length <= 120 ? `<code>${escape(text)}</code>` : renderSchema(schema)
}

function renderSchema(schema: unknown): string {
  const text = escape(JSON.stringify(schema, null, 2))
  return `<pre>${text.replaceAll(/#\/components\/schemas\/(\w+)/g, '<a href="#schema-$1">$1</a>')}</pre>`
}

/** Our own sentences, in which back quotes stand around code. */
function prose(text: string): string {
  return escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')
}

function escape(text: string): string {
  return text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.codePointAt(0) ?? 0};`)
}
