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

interface Credential {
  readonly account: string
  readonly password: string
}

/** Sends both credentials in turn to `bind`, and returns the times in ms and the different replies. */
async function compare(
  harness: Harness,
  credentials: readonly [one: (index: number) => Credential, other: (index: number) => Credential],
) {
  const times: [number[], number[]] = [[], []]
  const replies = new Set<string>()
  const attempt = async (kind: 0 | 1, index: number) => {
    const proof = { appId, code: harness.wechat.loginCode(`stranger-${index}`) }
    const credential = { type: 'password', ...credentials[kind](index) }
    const reply = await harness.client.send('/trpc/bind', { input: { proof, credential } })
    times[kind].push(reply.ms)
    const { date: _date, 'x-trace-id': traceId, ...headers } = reply.headers
    replies.add(JSON.stringify([reply.status, headers, reply.body.replaceAll(String(traceId), '')]))
  }
  for (const index of rounds({ short: 40, long: 2_000 })) {
    // Alternating, so that a slower phase of the machine affects both.
    const order = index % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)
    for (const kind of order) await attempt(kind, index)
  }
  return { times, replies: [...replies] }
}

function expectSame(
  what: string,
  names: readonly [string, string],
  { times, replies }: Awaited<ReturnType<typeof compare>>,
): void {
  const auc = areaUnderCurve(...times)
  report(what, {
    'attempts each': times[0].length,
    replies: replies.length,
    AUC: auc,
    [`${names[0]} p50 ms`]: percentile(times[0], 0.5),
    [`${names[1]} p50 ms`]: percentile(times[1], 0.5),
  })
  expect(replies).toEqual([expect.stringMatching(/^\[401,.*credential_rejected/)])
  if (!isLongRun) return
  expect(auc).toBeGreaterThan(0.45)
  expect(auc).toBeLessThan(0.55)
}

it('a wrong password and an unknown account get the same reply bytes after the same time', async () => {
  const harness = await startHarness({ env: { SIGN_UP: 'bind' } })
  await registerAll(harness)
  const wrong = 'wrong password'
  const nth = (index: number): number => index % knownAccounts.length
  const compared = await compare(harness, [
    (index) => ({ account: knownAccounts[nth(index)] ?? '', password: wrong }),
    (index) => ({ account: `other-account-${nth(index)}`, password: wrong }),
  ])
  expectSame('enumeration', ['known', 'unknown'], compared)
})

it('the right password of an administrator gets the reply bytes of an unknown account after the same time', async () => {
  const administrator = { account: 'ops', password: 'sentinel administrator password' }
  const env = {
    SIGN_UP: 'bind',
    ADMIN_ACCOUNT: administrator.account,
    ADMIN_PASSWORD: administrator.password,
  }
  const harness = await startHarness({ env })
  const compared = await compare(harness, [
    () => administrator,
    () => ({ ...administrator, account: 'opt' }),
  ])
  expectSame('enumeration of administrators', ['administrator', 'unknown'], compared)
})
