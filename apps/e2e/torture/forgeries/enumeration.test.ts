import { expect, it } from 'vitest'
import { percentile, report } from '../harness/figures.ts'
import { appId, type Harness, password, startHarness } from '../harness/harness.ts'
import { isLongRun, rounds } from '../harness/run-length.ts'

/** The share of pairs in which the value of the first list is greater. 0.5 means that the lists cannot be told apart. */
function areaUnderCurve(some: readonly number[], others: readonly number[]): number {
  let wins = 0
  for (const a of some) for (const b of others) wins += a > b ? 1 : a === b ? 0.5 : 0
  return wins / (some.length * others.length)
}

const knownAccounts = Array.from({ length: 5 }, (_, index) => `known-account-${index}`)

async function registerAll(harness: Harness) {
  for (const account of knownAccounts) {
    const proof = { ticket: await harness.ticketFor(account) }
    const registered = await harness.client.call('register', {
      input: { proof, account, password },
    })
    expect(registered.reason).toBeNull()
  }
}

it('a wrong password and an unknown account get the same reply bytes after the same time', async () => {
  const harness = await startHarness({ env: { SIGN_UP: 'bind' } })
  await registerAll(harness)
  const times: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
  const replies = new Set<string>()
  const attempt = async (kind: keyof typeof times, account: string, index: number) => {
    const proof = { appId, code: harness.wechat.loginCode(`stranger-${index}`) }
    const credential = { type: 'password', account, password: 'wrong password' }
    const reply = await harness.client.send('/trpc/bind', { input: { proof, credential } })
    times[kind].push(reply.ms)
    const { date: _date, 'x-trace-id': traceId, ...headers } = reply.headers
    replies.add(JSON.stringify([reply.status, headers, reply.body.replaceAll(String(traceId), '')]))
  }
  for (const index of rounds({ short: 40, long: 2_000 })) {
    const pair = [
      () => attempt('known', knownAccounts[index % knownAccounts.length] ?? '', index),
      () => attempt('unknown', `other-account-${index % knownAccounts.length}`, index),
    ]
    // Alternating, so that a slower phase of the machine affects both.
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
  expect([...replies]).toEqual([expect.stringMatching(/^\[401,.*credential_rejected/)])
  if (!isLongRun) return
  expect(auc).toBeGreaterThan(0.45)
  expect(auc).toBeLessThan(0.55)
})
