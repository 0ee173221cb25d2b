import fastifyStatic from '@fastify/static'
import Fastify, { type FastifyInstance } from 'fastify'
import { readAppNames } from './app-names.ts'
import { originRefusal } from './check-origin.ts'
import { createMiniProgramCompiler } from './mini-program.ts'
import type { PlaygroundSettings } from './playground-settings.ts'
import { registerProxy } from './proxy.ts'

/** The folders that the playground serves. */
export interface PlaygroundFolders {
  /** The built page. */
  page: string
  /** The built mini program. */
  miniProgram: string
}

/** `unsafe-eval` is for the simulator, which compiles the mini program's code; other origins are forbidden. */
const policy = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-eval'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
].join('; ')

/** Creates the server, not listening yet. It compiles the mini program at the start, before the first request. */
export function createPlayground(
  settings: PlaygroundSettings,
  folders: PlaygroundFolders,
): FastifyInstance {
  const app = Fastify({ logger: false, forceCloseConnections: true })
  const miniProgram = createMiniProgramCompiler(folders.miniProgram)
  app.addHook('onReady', async () => void miniProgram())

  app.addHook('onRequest', async (request, reply) => {
    const reason = originRefusal(request.raw, settings.host)
    if (reason !== undefined) return reply.code(403).send({ error: { message: reason } })
    reply.headers({
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
  })

  app.get('/app.json', async (_request, reply) => {
    const compiled = await miniProgram()
    reply.header('cache-control', 'no-store').type('application/json; charset=utf-8')
    if (compiled.ok) return reply.send(compiled.json)
    return reply.code(500).send({ error: { message: compiled.message } })
  })
  app.get('/config.json', async (_request, reply) => {
    reply.header('cache-control', 'no-store')
    const { appIds, builtServiceUrl, serviceUrl, sandboxUrl, demo = null } = settings
    return {
      appIds,
      appNames: await readAppNames(folders.miniProgram),
      builtServiceUrl,
      serviceUrl: serviceUrl.href,
      sandboxUrl: sandboxUrl.href,
      demo,
    }
  })
  registerProxy(app, '/service', settings.serviceUrl)
  registerProxy(app, '/wechat', settings.sandboxUrl)
  app.register(fastifyStatic, {
    root: folders.page,
    setHeaders(reply, path) {
      if (!path.endsWith('.html')) return
      reply.headers({ 'content-security-policy': policy, 'cache-control': 'no-cache' })
    },
  })
  return app
}
