import { initTRPC } from '@trpc/server'
import type { Session, SignedIn, Tokens, Unbound } from '../../src/index.ts'

interface AppUser {
  id: string
}

const t = initTRPC.create()
const input = <T>(value: unknown) => value as T
const router = t.router({
  miniLogin: t.procedure
    .input(input<{ appId: string; code: string }>)
    .mutation((): SignedIn<AppUser> | Unbound => Object.create(null)),
  session: t.router({
    refresh: t.procedure
      .input(input<{ refreshToken: string }>)
      .mutation((): Tokens => Object.create(null)),
  }),
})

/** What the examples take from the app around them. */
declare global {
  type AppRouter = typeof router
  type User = AppUser
  const session: Session<AppUser>
  const host: string
  const api: { getOrder(id: number, options: { token: string }): Promise<object> }
  function defineStore<T>(name: string, setup: () => T): () => T
}
