import type { FastifyInstance } from 'fastify'
import { describeRoutes } from './openapi.ts'
import type { Description } from './openapi-types.ts'
import { renderPage } from './page.ts'

/** Both are public and change with an upgrade only. */
const cacheControl = 'public, max-age=300'

/**
 * Serves `/openapi.json` and `/docs`. Both are created at the first request, because a start does not need them.
 *
 * @param issuer the public address of the service
 */
export function serveApiDescription(app: FastifyInstance, issuer: string): void {
  let description: Description | undefined
  const describe = (): Description => {
    description ??= describeRoutes(issuer)
    return description
  }
  let page: ReturnType<typeof renderPage> | undefined
  // Serialized once: it is the most expensive JSON that an anonymous client can request.
  let json: string | undefined
  app.get('/openapi.json', async (_request, reply) => {
    json ??= JSON.stringify(describe())
    reply.header('cache-control', cacheControl)
    return reply.type('application/json; charset=utf-8').send(json)
  })
  app.get('/docs', async (_request, reply) => {
    page ??= renderPage(describe())
    return reply
      .headers({ 'content-security-policy': page.policy, 'cache-control': cacheControl })
      .type('text/html; charset=utf-8')
      .send(page.html)
  })
}
