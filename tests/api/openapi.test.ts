import assert from 'node:assert/strict'
import { readAnswer, useApiRig } from './api-rig.ts'

const rig = useApiRig()

type Operation = {
  readonly summary?: string
  readonly parameters?: readonly { readonly in: string; readonly name: string; readonly required?: boolean }[]
  readonly responses: Readonly<Record<string, unknown>>
}
type Document = {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

async function readDocument(): Promise<Document> {
  return await readAnswer<Document>(await rig().api.request('/api/openapi.json'))
}

describe('the OpenAPI document', () => {
  it('is of version 3.1 and every operation says what it does, answers, and takes in its path', async () => {
    const { openapi, info, paths } = await readDocument()
    assert.equal(openapi, '3.1.0')
    assert.equal(info.title, 'Rollbook')
    assert.ok(Object.keys(paths).length >= 15)
    for (const [path, operations] of Object.entries(paths)) {
      for (const [method, operation] of Object.entries(operations)) {
        const name = `${method} ${path}`
        assert.ok(operation.summary, name)
        assert.ok(
          Object.keys(operation.responses).some((status) => status.startsWith('2')),
          name,
        )
        const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter)
        const declared = (operation.parameters ?? []).filter((one) => one.in === 'path' && one.required === true)
        assert.deepEqual(declared.map((one) => one.name).sort(), inPath.sort(), name)
      }
    }
  })

  it('has every schema that it refers to', async () => {
    const document = await readDocument()
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path ?? '')
    assert.ok(references.length > 0)
    for (const reference of new Set(references)) {
      let target: unknown = document
      // Each step goes into an object of the document just parsed, or gives undefined.
      for (const part of reference.split('/')) target = (target as Record<string, unknown> | undefined)?.[part]
      assert.ok(target, reference)
    }
  })

  it('lists every route that the API answers', async () => {
    const { paths } = await readDocument()
    const listed = new Set(
      Object.entries(paths).flatMap(([path, operations]) =>
        Object.keys(operations).map((method) => `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`),
      ),
    )
    const served = rig()
      .api.routes.filter(({ method, path }) => method !== 'ALL' && path !== '/api/openapi.json')
      .map(({ method, path }) => `${method} ${path}`)
    for (const route of served) assert.ok(listed.has(route), route)
  })
})

describe('every answer', () => {
  it('is kept by no cache, be it a refusal, a page or the document itself', async () => {
    const token = await rig().makeToken()
    for (const path of ['/api/health', '/api/openapi.json', '/api/runs', '/api/runs/no-id', '/api/nowhere']) {
      assert.equal((await rig().send(token, 'GET', path)).headers.get('cache-control'), 'no-store', path)
    }
    assert.equal((await rig().api.request('/api/runs')).headers.get('cache-control'), 'no-store')
  })
})
