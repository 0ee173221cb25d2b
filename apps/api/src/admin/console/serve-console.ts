import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from '../../http/error-replies.ts'
import { requireLiteralPath } from '../../http/literal-path.ts'
import { addVary } from '../../http/vary.ts'
import { type ConsoleFile, openConsoleFiles } from './console-files.ts'

/**
 * Same-origin resources only, pictures of the service at its public address, and no inline script. A picture elsewhere
 * would tell its host who looks at whom. The components insert inline styles.
 */
const contentSecurityPolicyFor = (issuer: string): string =>
  [
    "default-src 'self'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    `img-src 'self'${URL.canParse(issuer) ? ` ${new URL(issuer).origin}` : ''}`,
    "connect-src 'self'",
    "object-src 'none'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join('; ')

const headersFor = (issuer: string) => ({
  'content-security-policy': contentSecurityPolicyFor(issuer),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
})

/** Vite puts a content hash into each file name in this folder, so the content of a name never changes. */
const hashedFolder = 'assets/'
const indexPage = 'index.html'

/**
 * Serves the admin console at `/admin/`, or a 404 when it was not built.
 *
 * @param folder of the built console
 * @param issuer the public address of the service, from which the console shows pictures too
 */
export function serveConsole(app: FastifyInstance, folder: string, issuer = ''): void {
  const files = openConsoleFiles(folder)
  const headers = headersFor(issuer)
  const onRequest = requireLiteralPath('/admin')
  app.get('/admin', { onRequest }, async (_request, reply) => reply.redirect('/admin/', 308))
  // Never shed: the files come from memory, and a page that got only some of its scripts does not work.
  const options = { onRequest, config: { neverShed: true } }
  app.get<{ Params: { '*': string } }>('/admin/*', options, async (request, reply) => {
    const path = request.params['*'] || indexPage
    const file = await files.find(path)
    reply.headers(headers)
    addVary(reply, 'accept-encoding')
    if (file !== null) return send(request, reply, { path, file })
    // A missing script must not be answered with the page. All other paths are routes of the page.
    const index = path.startsWith(hashedFolder) ? null : await files.find(indexPage)
    if (index !== null) return send(request, reply, { path: indexPage, file: index })
    if (path.startsWith(hashedFolder)) return refuse(request, reply, 'not_found')
    return reply.code(404).type('text/plain; charset=utf-8').send('The console is not built.\n')
  })
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { path, file }: { path: string; file: ConsoleFile },
): FastifyReply {
  const cacheControl = path.startsWith(hashedFolder)
    ? 'public, max-age=31536000, immutable'
    : 'no-cache'
  reply.headers({ 'cache-control': cacheControl, etag: file.etag }).type(file.type)
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send()
  const acceptsGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  if (file.gzipped === null || !acceptsGzip) return reply.send(file.body)
  return reply.header('content-encoding', 'gzip').send(file.gzipped)
}
