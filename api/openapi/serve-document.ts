import type { Api } from '../app-environment.ts'
import { completeDocument } from './complete-document.ts'
import type { OpenApiDocument } from './document.ts'
import { renderReference } from './render-reference.ts'

const introduction = `Imports of a school district, planned and held.

Every request but this document, its page and \`/api/health\` sends \`Authorization: Bearer <token>\`. Refusals and failures are
\`application/problem+json\` with a stable \`code\`; \`requestId\`, which every answer has as \`X-Request-Id\`, finds it in the log.`

/** \`/api/openapi.json\` and the page that shows it. Both are made once, when somebody first asks: by then all routes are there. */
export function serveDocument(api: Api, version: string): void {
  api.openAPIRegistry.registerComponent('securitySchemes', 'token', { type: 'http', scheme: 'bearer' })
  let document: OpenApiDocument | undefined
  const get = (): OpenApiDocument => {
    document ??= completeDocument(
      // The generator's own types are of every version of OpenAPI at once; its answer is of this one.
      api.getOpenAPI31Document({
        openapi: '3.1.0',
        info: { title: 'Rollbook', version, description: introduction },
        security: [{ token: [] }],
      }) as unknown as OpenApiDocument,
    )
    return document
  }
  api.get('/api/openapi.json', (context) => context.json(get()))
  let page: ReturnType<typeof renderReference> | undefined
  api.get('/api/reference', (context) => {
    page ??= renderReference(get())
    return context.html(page.html, 200, {
      'content-security-policy': `default-src 'none'; style-src '${page.styleHash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
    })
  })
}
