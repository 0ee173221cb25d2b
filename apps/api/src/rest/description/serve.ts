import type { FastifyInstance } from 'fastify'
import { describeDoors } from './openapi.ts'
import { renderPage } from './page.ts'
import type { Description } from './shape.ts'

/** `/openapi.json` and `/docs`, both made when first asked for: the start of the service need not wait for them. */
export function serveDescription(app: FastifyInstance): void {
  let description: Description | undefined
  const describe = (): Description => {
    description ??= describeDoors()
    return description
  }
  let page: ReturnType<typeof renderPage> | undefined
  // Written once: it is what costs most to write of all that anybody may ask for.
  let text: string | undefined
  app.get('/openapi.json', async (_request, reply) => {
    text ??= JSON.stringify(describe())
    return reply.type('application/json; charset=utf-8').send(text)
  })
  app.get('/docs', async (_request, reply) => {
    page ??= renderPage(describe())
    return reply
      .header('content-security-policy', page.policy)
      .type('text/html; charset=utf-8')
      .send(page.html)
  })
}
