import type { SignedIn } from '@mianmi/contracts'
import { expect, it } from 'vitest'
import { report, tally } from '../harness/figures.ts'
import { appId, password, startHarness } from '../harness/harness.ts'
import { rounds } from '../harness/run-length.ts'

const concurrency = 64
const repeat = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

it('64 concurrent first sign-ins of one person create one user', async () => {
  const harness = await startHarness()
  const wrong: object[] = []
  let people = 0
  for (const round of rounds({ short: 5, long: 200 })) {
    const results = await Promise.all(repeat(concurrency, () => harness.signIn(`person-${round}`)))
    const users = new Set(results.map(({ user }) => user.id)).size
    const newUsers = results.filter(({ newUser }) => newUser).length
    if (users !== 1 || newUsers !== 1) wrong.push({ round, users, newUsers })
    people += 1
  }
  report('one person, one user', {
    people,
    'concurrent sign-ins': concurrency,
    users: harness.count('users'),
  })
  expect(wrong).toEqual([])
  expect(harness.count('users')).toBe(people)
})

it('of 64 concurrent binds with one ticket one succeeds', async () => {
  const harness = await startHarness({ env: { SIGN_UP: 'bind' } })
  const wrong: object[] = []
  let tickets = 0
  for (const round of rounds({ short: 5, long: 200 })) {
    const ticket = await harness.ticketFor(`person-${round}`)
    const phone = String(13_000_000_000 + round)
    const binds = repeat(concurrency, () =>
      harness.client.call<SignedIn>('bind', {
        input: {
          proof: { ticket },
          credential: { type: 'phone', code: harness.wechat.phoneCode(phone) },
        },
      }),
    )
    const counts = tally((await Promise.all(binds)).map(({ reason }) => reason ?? 'bound'))
    // On a busy machine WeChat may be too slow for some of the phone codes.
    const { bound, ticket_rejected: rejected = 0, wechat_unavailable: slow = 0 } = counts
    if (bound !== 1 || rejected + slow !== concurrency - 1) wrong.push(counts)
    tickets += 1
  }
  report('one ticket, one bind', { tickets, 'concurrent binds': concurrency, wrong: wrong.length })
  expect(wrong).toEqual([])
  expect([harness.count('users'), harness.count('identities')]).toEqual([tickets, tickets])
})

it('of 8 concurrent registrations with one ticket one succeeds', async () => {
  const harness = await startHarness({ env: { SIGN_UP: 'bind' } })
  const wrong: object[] = []
  let tickets = 0
  for (const round of rounds({ short: 3, long: 200 })) {
    const proof = { ticket: await harness.ticketFor(`person-${round}`) }
    const registrations = repeat(8, (index) =>
      harness.client.call('register', {
        input: { proof, account: `account-${round}-${index}`, password },
      }),
    )
    const counts = tally((await Promise.all(registrations)).map(({ reason }) => reason ?? 'bound'))
    if (counts['bound'] !== 1 || counts['ticket_rejected'] !== 7) wrong.push(counts)
    tickets += 1
  }
  report('one ticket, one registration', { tickets, concurrent: 8, wrong: wrong.length })
  expect(wrong).toEqual([])
  expect(harness.count('users')).toBe(tickets)
})

it('of 8 people who concurrently bind to one account one succeeds', async () => {
  const harness = await startHarness({ env: { SIGN_UP: 'bind' } })
  const wrong: object[] = []
  let accounts = 0
  for (const round of rounds({ short: 3, long: 200 })) {
    const account = `family-${round}`
    const owner = { ticket: await harness.ticketFor(`owner-${round}`) }
    const { data } = await harness.client.call<SignedIn>('register', {
      input: { proof: owner, account, password },
    })
    const token = data?.tokens.accessToken
    const phone = harness.wechat.phoneCode(String(13_000_000_000 + round))
    await harness.client.call('account.bindPhone', { token, input: { code: phone } })
    await harness.client.call('identity.unbind', { token, input: { appId } })
    const tickets = await Promise.all(
      repeat(8, (index) => harness.ticketFor(`person-${round}-${index}`)),
    )
    const credential = { type: 'password', account, password }
    const binds = tickets.map((ticket) =>
      harness.client.call('bind', { input: { proof: { ticket }, credential } }),
    )
    const counts = tally((await Promise.all(binds)).map(({ reason }) => reason ?? 'bound'))
    if (counts['bound'] !== 1 || counts['account_taken'] !== 7) wrong.push(counts)
    accounts += 1
  }
  report('one account, one WeChat', { accounts, 'concurrent binds': 8, wrong: wrong.length })
  expect(wrong).toEqual([])
})
