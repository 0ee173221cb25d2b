import type { Identity, IdentityStore, LimitedUse, NewSession } from '@mianmi/core'
import { toUser, type UserColumns } from '../account/user-columns.ts'
import { createGroups, type Postgres, type TimeLimits } from '../connection/index.ts'
import { hashKey, kindOfUse, lockTimeoutOf, windowEnd } from '../rate-limit/count-uses.ts'
import { type SignInRow, signInStatement } from './sign-in-statement.ts'

/** `needs_more`: the use was counted, and the rest is for a transaction. */
export type GroupedSignIn =
  | Awaited<ReturnType<IdentityStore['signIn']>>
  | { readonly status: 'needs_more' }

interface SignInCall {
  readonly identity: Identity
  readonly session: NewSession
  readonly use: LimitedUse
}

/**
 * Signs in the owners of identities. The calls of one turn of the event loop share a statement; two calls of one identity
 * do not, because the second one has to see what the first one stored.
 */
export function createSignInGroups(
  postgres: Pick<Postgres, 'attempts' | 'metrics'>,
): (call: SignInCall) => Promise<GroupedSignIn> {
  const { writes, flights, limits } = postgres.attempts
  return createGroups<SignInCall, GroupedSignIn>(postgres, {
    name: 'sign-ins',
    flights: flights.writes,
    keysOf: ({ identity: { appId, openid }, use }) => [`${appId} ${openid}`, `limit ${use.key}`],
    kindOf: ({ use }) => kindOfUse(use),
    async run(calls) {
      const rows = await writes.arrays<SignInRow>(signInStatement, valuesOf(limits, calls))
      const found = new Map(rows.map((row) => [row[8], row]))
      return calls.map((call) => resultOf(call, found.get(call.session.id)))
    },
  })
}

function valuesOf(limits: TimeLimits, calls: readonly SignInCall[]): unknown[] {
  const [{ use } = { use: { windowMs: 0, limit: 0 } }] = calls
  const column = <T>(of: (call: SignInCall) => T): T[] => calls.map(of)
  return [
    lockTimeoutOf(limits, calls.length),
    use.windowMs,
    use.limit,
    column((call) => hashKey(call.use.key)),
    column((call) => windowEnd(call.use)),
    column(({ identity }) => identity.appId),
    column(({ identity }) => identity.openid),
    column(({ identity }) => identity.unionid),
    column(({ identity }) => identity.key.sealed),
    column(({ identity }) => identity.key.fingerprint),
    column(({ identity }) => identity.key.formerFingerprints?.join('\n') ?? null),
    column(({ session }) => session.id),
    column(({ session }) => session.secret),
    column(({ session }) => session.device),
    column(({ session }) => session.createdAt),
    column(({ session }) => session.expiresAt),
  ]
}

function resultOf({ identity, use }: SignInCall, row: SignInRow | undefined): GroupedSignIn {
  if (row === undefined) throw new Error('the statement returns a row for each sign-in')
  if (!row[9]) return { status: 'limited', endsAt: row[11] ?? windowEnd(use) }
  // A unionid may prove that an unknown identity is of a known user.
  if (!isBound(row)) return { status: identity.unionid === null ? 'unbound' : 'needs_more' }
  const user = toUser(row)
  if (user.role === 'admin') return { status: 'forbidden' }
  // Also of a disabled user, whose identity may have another unionid now.
  if (row[10]) return { status: 'needs_more' }
  if (user.disabledAt !== null) return { status: 'user_disabled' }
  return { status: 'bound', user, newUser: false, unionidChanged: false }
}

const isBound = (row: SignInRow): row is SignInRow & readonly [...UserColumns, ...unknown[]] =>
  row[0] !== null
