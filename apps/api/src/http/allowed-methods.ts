import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

declare module 'fastify' {
  interface FastifyInstance {
    /** The methods of the routes at a path, such as `GET, HEAD`; empty where no route has this path. */
    readonly methodsAt: (path: string) => string
  }
}

/** No route here names more methods; `app.all` has all that Fastify knows. */
const mostMethods = 5

/** Adds `app.methodsAt`, which knows every route that is registered after this call. */
export function collectMethods(app: FastifyInstance): void {
  const routes = new Map<string, { pattern: RegExp; methods: Set<string> }>()
  app.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? { pattern: patternOf(url), methods: new Set() }
    routes.set(url, route)
    const methods = [method].flat()
    // A route of all methods refuses the wrong ones itself; those that it may accept are these.
    const accepted = methods.length > mostMethods ? ['GET', 'HEAD', 'POST'] : methods
    for (const each of accepted) route.methods.add(each)
  })
  app.decorate('methodsAt', (path) => {
    const found = [...routes.values()].filter(({ pattern }) => pattern.test(path))
    return [...new Set(found.flatMap(({ methods }) => [...methods]))].sort().join(', ')
  })
}

/** A path of Fastify: `:name` is one segment, `*` at the end is the rest. */
function patternOf(url: string): RegExp {
  const source = url
    .replace(/[.+?^${}()|[\]\\]/g, '\\$&')
    .replace(/:\w+/g, '[^/]+')
    .replace(/\*/g, '.*')
  return new RegExp(`^${source}$`)
}

/**
 * Why a request met no route: `method_not_allowed`, with the header `allow` (RFC 9110 §15.5.6), where its path has
 * routes with other methods; otherwise `not_found`.
 */
export function reasonOfNoRoute(
  request: FastifyRequest,
  reply: FastifyReply,
): 'method_not_allowed' | 'not_found' {
  const [path = ''] = request.url.split('?', 1)
  const methods = request.server.methodsAt(path)
  if (methods === '') return 'not_found'
  reply.header('allow', methods)
  return 'method_not_allowed'
}
