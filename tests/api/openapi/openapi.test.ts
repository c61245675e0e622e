import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { listOperations, type OpenApiDocument } from '../../../api/openapi/document.ts'
import { refusals } from '../../../api/failures.ts'
import { readAnswer, useApiRig } from '../api-rig.ts'

const rig = useApiRig()

async function readDocument(): Promise<OpenApiDocument & { readonly openapi: string }> {
  return await readAnswer(await rig().api.request('/api/openapi.json'))
}

/** What a reference in the document leads to; what is none, is itself. */
function follow(document: OpenApiDocument, value: unknown): unknown {
  const reference = (value as { $ref?: string } | undefined)?.$ref // an object of the document, or nothing
  if (reference === undefined) return value
  let target: unknown = document
  // Each step goes into an object of the document just parsed, or gives undefined.
  for (const part of reference.slice(2).split('/')) target = (target as Record<string, unknown> | undefined)?.[part]
  return target
}

describe('the OpenAPI document', () => {
  it('is of version 3.1, and every operation has a name of its own, a tag, words, and what is in its path', async () => {
    const document = await readDocument()
    assert.equal(document.openapi, '3.1.0')
    assert.equal(document.info.title, 'Rollbook')
    const names = new Set<string>()
    const tags = new Set(document.tags?.map(({ name }) => name))
    for (const { method, path, operation } of listOperations(document)) {
      const name = `${method} ${path}`
      assert.ok(operation.summary, name)
      assert.ok((operation.description ?? '').length >= (operation.summary ?? '').length, name)
      assert.match(operation.operationId ?? '', /^[a-z][A-Za-z]+$/, name)
      assert.equal(names.has(operation.operationId ?? ''), false, operation.operationId)
      names.add(operation.operationId ?? '')
      assert.equal(operation.tags?.length, 1, name)
      assert.ok(
        operation.tags.every((tag) => tags.has(tag)),
        name,
      )
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
      const declared = (operation.parameters ?? []).flatMap((one) =>
        'name' in one && one.in === 'path' && one.required === true ? [one.name] : [],
      )
      assert.deepEqual(declared.sort(), inPath.sort(), name)
    }
    assert.ok(names.size >= 40)
  })

  it('says of every answer what it means and, where it has a body, what is in it', async () => {
    const document = await readDocument()
    for (const { method, path, operation } of listOperations(document)) {
      const statuses = Object.keys(operation.responses)
      assert.ok(
        statuses.some((status) => status.startsWith('2')),
        path,
      )
      for (const [status, given] of Object.entries(operation.responses)) {
        const name = `${method} ${path} ${status}`
        const answer = follow(document, given) as {
          description?: string
          content?: Record<string, { schema?: unknown }>
        }
        assert.ok(answer.description, name)
        if (status !== '204')
          assert.ok(
            Object.values(answer.content ?? {}).every(({ schema }) => schema),
            name,
          )
        if (status === '204') assert.equal(answer.content, undefined, name)
      }
    }
  })

  it('has the problems that an operation may answer with, each with its codes', async () => {
    const document = await readDocument()
    for (const { method, path, operation } of listOperations(document)) {
      if (operation.security?.length === 0) continue
      const expected = ['400', '401', '403', '429', '503', 'default']
      if (/\{\w+\}/.test(path)) expected.push('404')
      if (method !== 'get') expected.push('409')
      for (const status of expected) assert.ok(status in operation.responses, `${method} ${path} ${status}`)
    }
    const told = JSON.stringify(document.components['responses'])
    for (const [code, { status }] of Object.entries(refusals)) {
      assert.ok(told.includes(`\`${code}\``), code)
      assert.ok(`Problem${status}` in (document.components['responses'] ?? {}), code)
    }
  })

  it('has everything that it refers to', async () => {
    const document = await readDocument()
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"(#\/[^"]+)"/g)].map(([, path]) => path ?? '')
    assert.ok(references.length > 0)
    for (const reference of new Set(references)) assert.ok(follow(document, { $ref: reference }), reference)
  })

  it('lists every route that the API answers', async () => {
    const listed = new Set(
      listOperations(await readDocument()).map(
        ({ method, path }) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
      ),
    )
    const documents = ['/api/openapi.json', '/api/reference']
    const served = rig()
      .api.routes.filter(({ method, path }) => method !== 'ALL' && !documents.includes(path))
      .map(({ method, path }) => `${method} ${path}`)
    for (const route of served) assert.ok(listed.has(route), route)
  })
})

describe('the page of the reference', () => {
  it('shows every operation and schema, and loads nothing from anywhere', async () => {
    const document = await readDocument()
    const answer = await rig().api.request('/api/reference')
    const html = await answer.text()
    assert.equal(answer.status, 200)
    assert.match(answer.headers.get('content-type') ?? '', /^text\/html/)
    for (const { operation } of listOperations(document)) assert.ok(html.includes(`id="${operation.operationId}"`))
    for (const name of Object.keys(document.components['schemas'] ?? {})) {
      assert.ok(html.includes(`id="schema-${name}"`), name)
    }
    assert.doesNotMatch(html, /<script|<link|<img|<iframe|@import|url\(|\son\w+=|style=/i)
    const targets = [...html.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id ?? '')
    for (const id of new Set(targets)) assert.ok(html.includes(`id="${id}"`), id)
  })

  it('may do nothing but look as its own style says', async () => {
    const answer = await rig().api.request('/api/reference')
    const style = /<style>([^]*)<\/style>/.exec(await answer.text())?.[1] ?? ''
    const hash = createHash('sha256').update(style).digest('base64')
    const policy = answer.headers.get('content-security-policy') ?? ''
    assert.ok(policy.includes(`style-src 'sha256-${hash}'`))
    assert.ok(policy.startsWith("default-src 'none'"))
  })
})

describe('every answer', () => {
  const paths = ['/api/health', '/api/openapi.json', '/api/reference', '/api/runs', '/api/runs/no-id', '/api/nowhere']

  it('is kept by no cache, be it a refusal, a page or the document itself', async () => {
    const token = await rig().makeToken()
    for (const path of paths) {
      assert.equal((await rig().send(token, 'GET', path)).headers.get('cache-control'), 'no-store', path)
    }
    assert.equal((await rig().api.request('/api/runs')).headers.get('cache-control'), 'no-store')
  })

  it('has the number of its request: that of the caller, if it is one, else a new one', async () => {
    const token = await rig().makeToken()
    for (const path of paths) {
      const own = await rig().send(token, 'GET', path, { headers: { 'x-request-id': 'mine-17' } })
      assert.equal(own.headers.get('x-request-id'), 'mine-17', path)
      const foreign = await rig().send(token, 'GET', path, { headers: { 'x-request-id': 'a b <c>' } })
      assert.match(foreign.headers.get('x-request-id') ?? '', /^[\da-f-]{36}$/, path)
    }
  })
})
