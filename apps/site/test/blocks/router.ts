// In the place of `./router.ts` on a page: the router of the reader's own project.
import { initTRPC } from '@trpc/server'

const t = initTRPC.create()

export const appRouter = t.router({ hello: t.procedure.query(() => 'hello') })
export type AppRouter = typeof appRouter
export const createContext = () => ({})
