import type { AddressInfo } from 'node:net'
import { initTRPC, TRPCError } from '@trpc/server'
import { fastifyTRPCPlugin } from '@trpc/server/adapters/fastify'
import fastify, { type FastifyRequest } from 'fastify'
import { z } from 'zod'
import { trpcFastify } from '../src/index.ts'
import { type Me, openLookup } from './lookup.ts'

/** The server process with all contestants. It sends its port, and on each message its CPU time. */
const lookup = openLookup()

interface Context {
  readonly authorization: string | undefined
}

const t = initTRPC.context<Context>().create()

function callerOf({ authorization }: Context): Me {
  const me = lookup(authorization)
  if (me === undefined) throw new TRPCError({ code: 'UNAUTHORIZED' })
  return me
}

const meSchema = z.object({
  id: z.string(),
  nickname: z.string(),
  createdAt: z.string(),
  sessionId: z.string(),
  expiresAt: z.string(),
})

const signedIn = t.procedure.use(({ ctx, next }) => next({ ctx: { me: callerOf(ctx) } }))

const router = t.router({
  me: t.procedure.query(({ ctx }) => callerOf(ctx)),
  checked: t.procedure.output(meSchema).query(({ ctx }) => callerOf(ctx)),
  behind: signedIn.query(({ ctx }) => ctx.me),
  rename: t.procedure
    .input(z.object({ nickname: z.string() }))
    .mutation(({ ctx, input }) => ({ ...callerOf(ctx), ...input })),
})

const createContext = ({ req }: { req: FastifyRequest }): Context => ({
  authorization: req.headers.authorization,
})

const app = fastify({ routerOptions: { maxParamLength: 5_000 } })
const trpcOptions = { router, createContext }
app.register(fastifyTRPCPlugin<typeof router>, { prefix: '/official', trpcOptions })
app.register(trpcFastify<typeof router>, { prefix: '/direct', trpcOptions })
app.get('/bare/me', async (request, reply) => {
  const me = lookup(request.headers.authorization)
  return me ?? reply.code(401).send({ message: 'UNAUTHORIZED' })
})
app.post('/bare/rename', async (request, reply) => {
  const me = lookup(request.headers.authorization)
  const { nickname } = request.body as { nickname: string }
  return me ? { ...me, nickname } : reply.code(401).send({ message: 'UNAUTHORIZED' })
})

await app.listen({ host: '127.0.0.1', port: 0 })
process.send?.({ port: (app.server.address() as AddressInfo).port })
process.on('message', () => process.send?.(process.cpuUsage()))
process.on('disconnect', () => process.exit(0))
