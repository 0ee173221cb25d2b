import type { SignedIn } from '@mianmi/contracts'
import { expect, it } from 'vitest'
import { report, tally } from '../stage/figures.ts'
import { rounds } from '../stage/length.ts'
import { appId, password, setStage } from '../stage/stage.ts'

const atOnce = 64
const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index))

it('64 first logins of one person at once make one user', async () => {
  const stage = await setStage()
  const wrong: object[] = []
  let people = 0
  for (const round of rounds({ short: 5, long: 200 })) {
    const results = await Promise.all(times(atOnce, () => stage.signIn(`person-${round}`)))
    const users = new Set(results.map(({ user }) => user.id)).size
    const firsts = results.filter(({ newUser }) => newUser).length
    if (users !== 1 || firsts !== 1) wrong.push({ round, users, firsts })
    people += 1
  }
  report('one person, one user', { people, 'logins at once': atOnce, users: stage.count('users') })
  expect(wrong).toEqual([])
  expect(stage.count('users')).toBe(people)
})

it('of 64 binds at once with one ticket one succeeds', async () => {
  const stage = await setStage({ env: { SIGN_UP: 'bind' } })
  const wrong: object[] = []
  let tickets = 0
  for (const round of rounds({ short: 5, long: 200 })) {
    const ticket = await stage.ticketFor(`person-${round}`)
    const phone = String(13_000_000_000 + round)
    const binds = times(atOnce, () =>
      stage.caller.call<SignedIn>('bind', {
        input: {
          proof: { ticket },
          credential: { type: 'phone', code: stage.wechat.phoneCode(phone) },
        },
      }),
    )
    const ends = tally((await Promise.all(binds)).map(({ reason }) => reason ?? 'bound'))
    if (ends['bound'] !== 1 || ends['ticket_rejected'] !== atOnce - 1) wrong.push(ends)
    tickets += 1
  }
  report('one ticket, one bind', { tickets, 'binds at once': atOnce, wrong: wrong.length })
  expect(wrong).toEqual([])
  expect([stage.count('users'), stage.count('identities')]).toEqual([tickets, tickets])
})

it('of 8 registrations at once with one ticket one succeeds', async () => {
  const stage = await setStage({ env: { SIGN_UP: 'bind' } })
  const wrong: object[] = []
  let tickets = 0
  for (const round of rounds({ short: 3, long: 200 })) {
    const proof = { ticket: await stage.ticketFor(`person-${round}`) }
    const registrations = times(8, (index) =>
      stage.caller.call('register', {
        input: { proof, account: `account-${round}-${index}`, password },
      }),
    )
    const ends = tally((await Promise.all(registrations)).map(({ reason }) => reason ?? 'bound'))
    if (ends['bound'] !== 1 || ends['ticket_rejected'] !== 7) wrong.push(ends)
    tickets += 1
  }
  report('one ticket, one registration', { tickets, 'at once': 8, wrong: wrong.length })
  expect(wrong).toEqual([])
  expect(stage.count('users')).toBe(tickets)
})

it('of 8 people at once who bind to one account one succeeds', async () => {
  const stage = await setStage({ env: { SIGN_UP: 'bind' } })
  const wrong: object[] = []
  let accounts = 0
  for (const round of rounds({ short: 3, long: 200 })) {
    const account = `family-${round}`
    const owner = { ticket: await stage.ticketFor(`owner-${round}`) }
    const { data } = await stage.caller.call<SignedIn>('register', {
      input: { proof: owner, account, password },
    })
    const token = data?.tokens.accessToken
    const phone = stage.wechat.phoneCode(String(13_000_000_000 + round))
    await stage.caller.call('account.bindPhone', { token, input: { code: phone } })
    await stage.caller.call('identity.unbind', { token, input: { appId } })
    const tickets = await Promise.all(
      times(8, (index) => stage.ticketFor(`person-${round}-${index}`)),
    )
    const credential = { type: 'password', account, password }
    const binds = tickets.map((ticket) =>
      stage.caller.call('bind', { input: { proof: { ticket }, credential } }),
    )
    const ends = tally((await Promise.all(binds)).map(({ reason }) => reason ?? 'bound'))
    if (ends['bound'] !== 1 || ends['account_taken'] !== 7) wrong.push(ends)
    accounts += 1
  }
  report('one account, one WeChat', { accounts, 'binds at once': 8, wrong: wrong.length })
  expect(wrong).toEqual([])
})
