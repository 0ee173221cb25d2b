import type { ServerCall, ServerResult } from '../world/server/service.ts'
import type { World } from '../world/world.ts'
import { differ } from './clocks.ts'
import type { Invariant } from './invariant.ts'

const minute = 60_000

/** A limit of the service, before `RATE_LIMIT_FACTOR`. */
interface Limit {
  readonly what: string
  readonly most: number
  readonly windowMs: number
  /** Whether each node may let the limit through at once. */
  readonly isOfNode?: boolean
  /** For whom a call counts; null where it does not. */
  subjectOf(call: ServerCall, result: ServerResult, world: World): string | null
}

interface LimitedInput {
  readonly appId?: string
  readonly code?: string
  readonly proof?: { readonly ticket?: string; readonly appId?: string; readonly code?: string }
  readonly credential?: { readonly type?: string; readonly code?: string }
}

const inputOf = ({ input }: ServerCall): LimitedInput => (input ?? {}) as LimitedInput
const reasonOf = (result: ServerResult): string | null =>
  'reason' in result ? result.reason : null

/** What an administrator gets wrong in a browser that is known counts for that browser alone. */
const administratorIn = ({ knownBrowser }: ServerCall): string =>
  knownBrowser == null ? 'the administrator' : `the browser ${knownBrowser}`

const limits: readonly Limit[] = [
  {
    what: 'sign-ins of one WeChat in a minute',
    most: 60,
    windowMs: minute,
    subjectOf(call, result, { wechat }) {
      const { appId, code = '' } = inputOf(call)
      if (call.path !== 'miniLogin' || !('data' in result)) return null
      return `${appId} ${wechat.ownerOfCode(code)}`
    },
  },
  {
    what: 'refused login codes from one network in a minute',
    most: 60,
    windowMs: minute,
    isOfNode: true,
    subjectOf: (call, result) =>
      call.path === 'miniLogin' && reasonOf(result) === 'code_rejected'
        ? (call.address ?? null)
        : null,
  },
  {
    what: 'wrong passwords of the administrator',
    most: 10,
    windowMs: 15 * minute,
    subjectOf: (call, result) =>
      call.path === 'admin.account.signIn' && reasonOf(result) === 'credential_rejected'
        ? administratorIn(call)
        : null,
  },
  {
    what: 'wrong codes of the administrator',
    most: 5,
    windowMs: 15 * minute,
    subjectOf: (call, result) =>
      call.path === 'admin.account.proveCode' && reasonOf(result) === 'credential_rejected'
        ? administratorIn(call)
        : null,
  },
  {
    what: 'refused phone codes of one ticket',
    most: 10,
    windowMs: 15 * minute,
    subjectOf(call, result) {
      const { proof, credential } = inputOf(call)
      const isMadeUp = credential?.code?.startsWith('made up') === true
      return isMadeUp && reasonOf(result) === 'phone_rejected' ? (proof?.ticket ?? null) : null
    },
  },
  {
    what: 'account names found out by one WeChat with login codes',
    most: 5,
    windowMs: 5 * minute,
    subjectOf(call, result, { wechat }) {
      const { appId, code } = inputOf(call).proof ?? {}
      if (call.path !== 'register' || reasonOf(result) !== 'account_taken') return null
      return code === undefined ? null : `${appId} ${wechat.ownerOfCode(code)}`
    },
  },
]

export const limitsHold: Invariant = {
  name: 'limits-hold',
  sentence:
    'Sign-ins, tried phone codes, refused login codes, the administrator’s passwords and codes, and account names that are found out are no more than the limits say, from one jump of the clock to the next; a ticket ends with five tried names.',
  sees: 'after',
  watch(world, fail) {
    const { timeline, config } = world
    const counted = new Map<string, number[]>()
    const names = new Map<string, number>()
    let jumpedAt = world.clockJumpedAt
    /** A window may end early where the clock jumps, and begins again with each node while two go by different clocks. */
    const startAgain = (): void => {
      if (jumpedAt === world.clockJumpedAt && !differ(world)) return
      jumpedAt = world.clockJumpedAt
      counted.clear()
    }
    return {
      served(call, result) {
        startAgain()
        for (const limit of limits) {
          const subject = limit.subjectOf(call, result, world)
          if (subject === null) continue
          const key = `${limit.what} ${subject}`
          const since = timeline.now - limit.windowMs
          const times = [...(counted.get(key) ?? []).filter((at) => at > since), timeline.now]
          counted.set(key, times)
          const nodes = limit.isOfNode ? config.nodeCount : 1
          // A window begins with its first use, so the end of one and the beginning of the next may come together.
          if (times.length > 2 * limit.most * config.rateLimitFactor * nodes)
            return fail(`${times.length} ${limit.what}`)
        }
        const { ticket } = inputOf(call).proof ?? {}
        if (call.path !== 'register' || reasonOf(result) !== 'account_taken') return
        if (ticket === undefined) return
        names.set(ticket, (names.get(ticket) ?? 0) + 1)
        if ((names.get(ticket) ?? 0) > 5) fail('a ticket told of more than five account names')
      },
    }
  },
}
