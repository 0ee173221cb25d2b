import { expect, it } from 'vitest'
import { report, tally } from '../harness/figures.ts'
import { appId, type Harness, password, startHarness } from '../harness/harness.ts'
import { rounds } from '../harness/run-length.ts'

const guessesPerBatch = 10

/** A different network address for each number, as in a botnet. */
const addressOf = (n: number): string =>
  n % 2 === 0
    ? `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`
    : `2001:db8:${(n >> 16).toString(16)}:${(n & 0xffff).toString(16)}::1`

/** Sends ten guesses in one batch from one address, each with another WeChat identity and a spelling of the account name. */
async function guess({ client, wechat }: Harness, batch: number): Promise<string[]> {
  const guesses = Array.from({ length: guessesPerBatch }, (_, index) => {
    const account = ['owner', 'OWNER', 'Ｏｗｎｅｒ', 'ownEr'][index % 4]
    return {
      proof: { appId, code: wechat.loginCode(`guesser-${batch}-${index}`) },
      credential: { type: 'password', account, password: `guess-${batch}-${index}` },
    }
  })
  const path = `/trpc/${guesses.map(() => 'bind').join(',')}?batch=1`
  const headers = { 'x-forwarded-for': addressOf(batch) }
  const { body } = await client.send(path, { input: { ...guesses }, headers })
  return (JSON.parse(body) as { error?: { data: { reason: string } } }[]).map(
    ({ error }) => error?.data.reason ?? 'signed in',
  )
}

it('of guesses from many addresses at one account at most ten are checked, and its owner still signs in', async () => {
  const env = { SIGN_UP: 'bind', RATE_LIMIT_FACTOR: '1', TRUST_PROXY: '127.0.0.1/32' }
  const harness = await startHarness({ env })
  const { client, wechat } = harness
  const proof = { ticket: await harness.ticketFor('owner') }
  const registered = await client.call('register', { input: { proof, account: 'owner', password } })
  expect(registered.reason).toBeNull()
  const reasons: string[] = []
  for (const round of rounds({ short: 5, long: 2_500 })) {
    const batches = Array.from({ length: 4 }, (_, index) => guess(harness, round * 4 + index))
    reasons.push(...(await Promise.all(batches)).flat())
  }
  const counts = tally(reasons)
  const owner = await harness.miniLogin('owner')
  report('guessing', {
    guesses: reasons.length,
    addresses: reasons.length / guessesPerBatch,
    checked: counts['credential_rejected'] ?? 0,
    refused: counts['rate_limited'] ?? 0,
    'the owner gets': owner.data?.status ?? String(owner.reason),
  })
  expect(Object.keys(counts).toSorted()).toEqual(['credential_rejected', 'rate_limited'])
  expect(counts['credential_rejected']).toBe(10)
  expect(owner.data?.status).toBe('signedIn')
  const code = wechat.loginCode('other')
  const credential = { type: 'password', account: 'owner', password }
  const correctPassword = await client.call('bind', {
    input: { proof: { appId, code }, credential },
  })
  expect(correctPassword.reason).toBe('rate_limited')
})

it('guesses from one network at many accounts share one limit', async () => {
  const env = { SIGN_UP: 'bind', RATE_LIMIT_FACTOR: '0.1', TRUST_PROXY: '127.0.0.1/32' }
  const { client, wechat } = await startHarness({ env })
  const reasons: string[] = []
  for (let index = 0; index < 30; index++) {
    const proof = { appId, code: wechat.loginCode(`guesser-${index}`) }
    const credential = { type: 'password', account: `unknown-${index}`, password }
    // All addresses of a /64 belong to one network.
    const headers = { 'x-forwarded-for': `2001:db8::${(index + 1).toString(16)}` }
    const { reason } = await client.call('bind', { input: { proof, credential }, headers })
    reasons.push(reason ?? 'signed in')
  }
  expect(tally(reasons)).toEqual({ credential_rejected: 10, rate_limited: 20 })
})
