import { expect, it } from 'vitest'
import { report, tally } from '../stage/figures.ts'
import { rounds } from '../stage/length.ts'
import { appId, password, type Stage, setStage } from '../stage/stage.ts'

const perBatch = 10

/** An address of its own for each number, as a botnet has. */
const addressOf = (n: number): string =>
  n % 2 === 0
    ? `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}`
    : `2001:db8:${(n >> 16).toString(16)}:${(n & 0xffff).toString(16)}::1`

/** Ten guesses in one request (one address), each with a WeChat identity of its own, in one of the spellings of the name. */
async function guess({ caller, wechat }: Stage, batch: number): Promise<string[]> {
  const guesses = Array.from({ length: perBatch }, (_, index) => {
    const account = ['owner', 'OWNER', 'Ｏｗｎｅｒ', 'ownEr'][index % 4]
    return {
      proof: { appId, code: wechat.loginCode(`guesser-${batch}-${index}`) },
      credential: { type: 'password', account, password: `guess-${batch}-${index}` },
    }
  })
  const path = `/trpc/${guesses.map(() => 'bind').join(',')}?batch=1`
  const headers = { 'x-forwarded-for': addressOf(batch) }
  const { body } = await caller.send(path, { input: { ...guesses }, headers })
  return (JSON.parse(body) as { error?: { data: { reason: string } } }[]).map(
    ({ error }) => error?.data.reason ?? 'let in',
  )
}

it('guesses from everywhere at one account are soon looked at no more, and its owner still signs in', async () => {
  const env = { SIGN_UP: 'bind', RATE_LIMIT_FACTOR: '1', TRUST_PROXY: '127.0.0.1/32' }
  const stage = await setStage({ env })
  const { caller, wechat } = stage
  const proof = { ticket: await stage.ticketFor('owner') }
  const made = await caller.call('register', { input: { proof, account: 'owner', password } })
  expect(made.reason).toBeNull()
  const reasons: string[] = []
  for (const round of rounds({ short: 5, long: 2_500 })) {
    const batches = Array.from({ length: 4 }, (_, index) => guess(stage, round * 4 + index))
    reasons.push(...(await Promise.all(batches)).flat())
  }
  const looked = tally(reasons)
  const owner = await stage.miniLogin('owner')
  report('guessing', {
    guesses: reasons.length,
    addresses: reasons.length / perBatch,
    'looked at': looked['credential_rejected'] ?? 0,
    refused: looked['rate_limited'] ?? 0,
    'the owner is': owner.data?.status ?? String(owner.reason),
  })
  expect(Object.keys(looked).toSorted()).toEqual(['credential_rejected', 'rate_limited'])
  expect(looked['credential_rejected']).toBeLessThanOrEqual(10)
  expect(owner.data?.status).toBe('signedIn')
  const code = wechat.loginCode('other')
  const credential = { type: 'password', account: 'owner', password }
  const known = await caller.call('bind', { input: { proof: { appId, code }, credential } })
  expect(known.reason).toBe('rate_limited')
})

it('guesses from one address at many accounts are counted together', async () => {
  const env = { SIGN_UP: 'bind', RATE_LIMIT_FACTOR: '0.1', TRUST_PROXY: '127.0.0.1/32' }
  const { caller, wechat } = await setStage({ env })
  const reasons: string[] = []
  for (let index = 0; index < 30; index++) {
    const proof = { appId, code: wechat.loginCode(`guesser-${index}`) }
    const credential = { type: 'password', account: `somebody-${index}`, password }
    // The addresses of one /64 are one network.
    const headers = { 'x-forwarded-for': `2001:db8::${(index + 1).toString(16)}` }
    const { reason } = await caller.call('bind', { input: { proof, credential }, headers })
    reasons.push(reason ?? 'let in')
  }
  expect(tally(reasons)).toEqual({ credential_rejected: 10, rate_limited: 20 })
})
