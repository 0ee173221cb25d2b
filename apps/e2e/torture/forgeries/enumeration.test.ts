import { expect, it } from 'vitest'
import { percentile, report } from '../stage/figures.ts'
import { isLong, rounds } from '../stage/length.ts'
import { appId, password, type Stage, setStage } from '../stage/stage.ts'

/** The share of pairs in which the first list's value is the greater: 0.5 tells nothing apart. */
function areaUnderCurve(some: readonly number[], others: readonly number[]): number {
  let wins = 0
  for (const a of some) for (const b of others) wins += a > b ? 1 : a === b ? 0.5 : 0
  return wins / (some.length * others.length)
}

const known = Array.from({ length: 5 }, (_, index) => `known-account-${index}`)

async function registerAll(stage: Stage) {
  for (const account of known) {
    const proof = { ticket: await stage.ticketFor(account) }
    const made = await stage.caller.call('register', { input: { proof, account, password } })
    expect(made.reason).toBeNull()
  }
}

it('a wrong password and an unknown account are refused in the same bytes and the same time', async () => {
  const stage = await setStage({ env: { SIGN_UP: 'bind' } })
  await registerAll(stage)
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
  const replies = new Set<string>()
  const attempt = async (kind: keyof typeof times, account: string, index: number) => {
    const proof = { appId, code: stage.wechat.loginCode(`stranger-${index}`) }
    const credential = { type: 'password', account, password: 'wrong password' }
    const reply = await stage.caller.send('/trpc/bind', { input: { proof, credential } })
    times[kind].push(reply.ms)
    const { date: _date, 'x-trace-id': traceId, ...headers } = reply.headers
    replies.add(JSON.stringify([reply.status, headers, reply.body.replaceAll(String(traceId), '')]))
  }
  for (const index of rounds({ short: 40, long: 2_000 })) {
    const pair = [
      () => attempt('known', known[index % known.length] ?? '', index),
      () => attempt('unknown', `other-account-${index % known.length}`, index),
    ]
    // In turns, so that a machine that slows down slows down both.
    for (const next of index % 2 === 0 ? pair : pair.toReversed()) await next()
  }
  const auc = areaUnderCurve(times.known, times.unknown)
  report('enumeration', {
    'attempts each': times.known.length,
    replies: replies.size,
    AUC: auc,
    'known p50 ms': percentile(times.known, 0.5),
    'unknown p50 ms': percentile(times.unknown, 0.5),
  })
  expect([...replies]).toHaveLength(1)
  if (!isLong) return
  expect(auc).toBeGreaterThan(0.45)
  expect(auc).toBeLessThan(0.55)
})
