import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { refuse } from '../../http/failures.ts'
import { type ConsoleFile, openFiles } from './files.ts'

/** Nothing from elsewhere and no script in the page; styles in it are how the components are made. */
const policy = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: https:",
  "connect-src 'self'",
  "object-src 'none'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'self'",
].join('; ')

const headers = {
  'content-security-policy': policy,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  vary: 'accept-encoding',
}

/** Vite puts a hash into the name of everything in this folder: what is behind a name never changes. */
const hashed = 'assets/'
const page = 'index.html'

/** The administrators' console at `/admin/`. Where it was not built, the service does without. */
export function serveConsole(app: FastifyInstance, folder: string): void {
  const files = openFiles(folder)
  app.get('/admin', async (_request, reply) => reply.redirect('/admin/', 308))
  // Out of memory; and a page that got half of its scripts is of no use to an administrator.
  const config = { neverShed: true }
  app.get<{ Params: { '*': string } }>('/admin/*', { config }, async (request, reply) => {
    const path = request.params['*'] || page
    const file = await files.find(path)
    if (file !== null) return send(request, reply, { path, file })
    // A script that is gone must not be answered with a page; everything else is the page's own affair.
    const index = path.startsWith(hashed) ? null : await files.find(page)
    if (index !== null) return send(request, reply, { path: page, file: index })
    if (path.startsWith(hashed)) return refuse(request, reply, 'not_found')
    return reply.code(404).type('text/plain; charset=utf-8').send('The console is not built.\n')
  })
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { path, file }: { path: string; file: ConsoleFile },
): FastifyReply {
  const kept = path.startsWith(hashed) ? 'public, max-age=31536000, immutable' : 'no-cache'
  reply.headers({ ...headers, 'cache-control': kept, etag: file.etag }).type(file.type)
  if (request.headers['if-none-match'] === file.etag) return reply.code(304).send()
  const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
  if (file.gzipped === null || !takesGzip) return reply.send(file.body)
  return reply.header('content-encoding', 'gzip').send(file.gzipped)
}
