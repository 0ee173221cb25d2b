import { inputOf } from '../oracle/call-records.ts'
import type { ServerCall, ServerResult } from '../world/server/service.ts'
import { readAccessToken } from '../world/server/tokens.ts'
import type { World } from '../world/world.ts'
import { areTogether } from './clocks.ts'
import type { Invariant } from './invariant.ts'

const minute = 60_000

/** What may count for a subject: so many in a window refuse the next one. */
interface Count {
  readonly subject: string
  readonly most: number
  readonly windowMs: number
  /** Whether a call counts that succeeds. */
  readonly isOfEach?: boolean
}

const networkCodes = (address: string): Count => ({
  ...{ subject: `codes from ${address}`, most: 60, windowMs: minute },
})
const guessesFrom = (address: string): Count => ({
  ...{ subject: `passwords from ${address}`, most: 100, windowMs: 15 * minute },
})

/** The limits that a call is under, as the interface says them. */
function countsOf({ oracle, wechat }: World, call: ServerCall): Count[] {
  const { path, address = '', accessToken } = call
  const { proof, appId, code, credential, account, currentPassword } = inputOf(call)
  const claims = readAccessToken(accessToken ?? '')
  const given = proof ?? { appId: appId ?? claims?.appId, code }
  const who =
    proof?.ticket === undefined
      ? `${given.appId} ${wechat.ownerOfCode(given.code ?? '')}`
      : `ticket ${proof.ticket}`
  const codes = given.code === undefined ? [] : [networkCodes(address)]
  if (path === 'miniLogin')
    return [...codes, { subject: `login ${who}`, most: 60, windowMs: minute, isOfEach: true }]
  if (path === 'admin.account.signIn')
    return [guessesFrom(address), { subject: 'administrator', most: 10, windowMs: 15 * minute }]
  if (path === 'admin.account.proveCode' || path === 'admin.account.enrol')
    return [{ subject: 'second factor', most: 5, windowMs: 15 * minute }]
  if (path === 'register' || (path === 'account.changePassword' && account !== undefined))
    return [
      ...codes,
      {
        subject: `names of ${personOf(oracle, who, call)}`,
        most: 5,
        windowMs: 60 * minute,
        isOfEach: true,
      },
    ]
  const session = claims?.sessionId
  if (currentPassword !== undefined)
    return [
      guessesFrom(address),
      { subject: `session ${session}`, most: 10, windowMs: 15 * minute },
    ]
  if (credential?.type === 'password')
    return [
      ...codes,
      guessesFrom(address),
      ...namesOf(oracle, credential.account ?? '').map((name) => ({
        ...{ subject: `account ${name}`, most: 10, windowMs: 15 * minute },
      })),
    ]
  return [
    ...codes,
    networkCodes(address),
    { subject: `phone codes of ${session ?? who}`, most: 10, windowMs: 15 * minute },
  ]
}

/** A name and a number of one user count together. */
function namesOf({ model }: World['oracle'], typed: string): string[] {
  const user = [...model.users.values()].find(
    ({ account, phone }) => account === typed || phone === typed,
  )
  const names = [typed, user?.account, user?.phone].filter((name) => name != null)
  return [...new Set(names.map((name) => name.toLowerCase()))]
}

/** Whom tried names count for: tickets of one WeChat count together. */
const personOf = (_oracle: World['oracle'], who: string, { address }: ServerCall): string =>
  who.startsWith('ticket ') || who.endsWith(' null') ? (address ?? '') : who

export const limitsSpare: Invariant = {
  name: 'limits-spare',
  sentence:
    'A limit refuses only whom it counts: who has not used it up, or has given the right password or code each time, is let through.',
  sees: 'after',
  watch(world, fail) {
    const { timeline, config } = world
    const used = new Map<string, { at: number; call: ServerCall; isOfEach: boolean }[]>()
    const usesOf = ({ subject, windowMs }: Count): number => {
      // A window begins with its first use and may have begun before the oldest of these.
      const recent = (used.get(subject) ?? []).filter(({ at }) => at > timeline.now - windowMs)
      return recent.length
    }
    const settle = (call: ServerCall, result: ServerResult): void => {
      // What could not be verified was no guess.
      if ('reason' in result && result.reason !== 'overloaded') return
      for (const { subject } of countsOf(world, call)) {
        const list = used.get(subject)
        const at = list?.findLastIndex((each) => each.call === call && !each.isOfEach) ?? -1
        if (at >= 0) list?.splice(at, 1)
      }
    }
    return {
      called(call) {
        for (const { subject, isOfEach = false } of countsOf(world, call)) {
          const list = used.get(subject) ?? []
          list.push({ at: timeline.now, call, isOfEach })
          used.set(subject, list)
        }
      },
      served(call, result) {
        settle(call, result)
        if (!('reason' in result) || result.reason !== 'rate_limited' || !areTogether(world)) return
        const counts = countsOf(world, call)
        // This call is one of those that have come.
        const isReached = counts.some(
          (count) => usesOf(count) > count.most * config.rateLimitFactor,
        )
        if (!isReached)
          fail(
            `${call.path} was refused by a limit that was not reached: ${counts.map((count) => `${usesOf(count)} ${count.subject}`).join(', ')}`,
          )
      },
    }
  },
}
