import { type CountedUse, createLimitWindows } from '../oracle/limit-windows.ts'
import { adminAccount } from '../world/admin/create-console.ts'
import type { ServerCall, ServerResult } from '../world/server/service.ts'
import type { Invariant } from './invariant.ts'

/** How long a call may take between its look at a limit and its reply, in ms. */
const longestCall = 120_000

/** Verbs that give a user another password, or none. */
const changesPassword = /^(users.changePassword|people.clear|merges)/

const minute = 60_000

/** The limits of the interface: how many uses in how long, before `RATE_LIMIT_FACTOR`. */
const limits: Readonly<Record<string, readonly [number, number]>> = {
  'wrong password for account': [10, 15 * minute],
  'wrong password from address': [100, 15 * minute],
  'wrong password in session': [10, 15 * minute],
  'wrong password of user in app': [100, 15 * minute],
  'login of openid': [60, minute],
  'refused code from network': [60, minute],
  'refused phone code': [10, 15 * minute],
  'account name tried with codes': [5, 5 * minute],
  'account name tried': [20, 60 * minute],
  'wrong password of administrator': [10, 15 * minute],
  'wrong code of administrator': [5, 15 * minute],
  'wrong password in browser': [10, 15 * minute],
  'wrong code in browser': [5, 15 * minute],
}
/** The longest first: one is the beginning of another. */
const limitNames = Object.keys(limits).sort((a, b) => b.length - a.length)

/** A use that was counted at a node; one that was given back is none. */
interface Spent {
  readonly node: string
  readonly at: number
  readonly key: string
}

interface GuessInput {
  readonly proof?: { readonly ticket?: string; readonly code?: string; readonly appId?: string }
  readonly credential?: { readonly type?: string; readonly account?: string }
  readonly account?: string
}

/** What a wrong guess has to count for: each is the end of a key, which names the subject. */
function subjectsOf({ path, input, address }: ServerCall, result: ServerResult): string[] {
  // In a slow run what is counted is not seen.
  if (!('reason' in result) || address === undefined) return []
  const { credential, account } = (input ?? {}) as GuessInput
  const isWrong = result.reason === 'credential_rejected'
  if (isWrong && path === 'bind' && credential?.type === 'password')
    return [address, (credential.account ?? '').toLowerCase()]
  if (isWrong && path === 'admin.account.signIn' && account === adminAccount)
    return [address, adminAccount]
  if (isWrong && path === 'admin.account.proveCode') return ['']
  return []
}

export const limitsCount: Invariant = {
  name: 'limits-count',
  sentence:
    'A wrong guess counts for its account and its network, and an administrator’s code for the administrator; a limit lets as many through as it says, until its window ends.',
  sees: 'after',
  watch(world, fail) {
    const { timeline } = world
    const windows = createLimitWindows()
    let spent: Spent[] = []
    /** When a password last became another one: until then it may have been the right one. */
    let changedAt = Number.NEGATIVE_INFINITY
    const isRecent = ({ at }: Spent): boolean => timeline.now - at < longestCall
    const compare = (wanted: { endsAt: number } | null, got: { endsAt?: number } | null): void => {
      if ((wanted?.endsAt ?? null) !== (got?.endsAt ?? null))
        fail(
          wanted === null
            ? 'a limit refused a use that was not too many'
            : `a limit ${got === null ? 'let a use through that was one too many' : 'ends at another time than its window'}`,
        )
    }
    const checkSize = ({ key, limit, windowMs }: CountedUse): void => {
      const name = limitNames.find((each) => key.startsWith(`${each} `))
      const known = limits[name ?? '']
      const isAsSaid =
        known !== undefined &&
        limit === known[0] * world.config.rateLimitFactor &&
        windowMs === known[1]
      if (!isAsSaid) fail(`the limit “${key}” is ${limit} in ${windowMs / minute} minutes`)
    }
    const forget = (node: string, keys: readonly string[]): void => {
      for (const key of keys) {
        // Of several at once the oldest: the newest ones are still to be answered.
        const at = spent.findIndex((each) => each.node === node && each.key === key)
        if (at >= 0) spent.splice(at, 1)
      }
    }
    return {
      counting({ name, args, node, at }, result) {
        const uses = args as readonly CountedUse[]
        if (name === 'limits.refund') {
          windows.refund(uses)
          return forget(
            node,
            uses.map(({ key }) => key),
          )
        }
        uses.forEach(checkSize)
        const wanted = windows.spend(uses)
        spent = spent.filter(isRecent)
        if (wanted === null) spent.push(...uses.map(({ key }) => ({ node, at, key })))
        void result.then((got) => compare(wanted, got as { endsAt: number } | null))
      },
      committed({ name, args, result }) {
        if (changesPassword.test(name)) changedAt = timeline.now
        if (name !== 'identities.signIn') return
        const { use } = args[0] as { use?: CountedUse }
        if (use === undefined) return
        checkSize(use)
        const wanted = windows.spend([use])
        const { status, endsAt } = result as { status: string; endsAt?: number }
        compare(wanted, status === 'limited' ? { endsAt: endsAt ?? 0 } : null)
      },
      served(call, result) {
        if (changedAt >= call.startedAt) return
        const missing = subjectsOf(call, result).find(
          (subject) =>
            !spent.some(
              ({ node, at, key }) =>
                node === call.node && at >= call.startedAt && key.endsWith(subject),
            ),
        )
        if (missing !== undefined)
          fail(`${call.path} was refused, and the guess did not count for “${missing}”`)
      },
    }
  },
}
