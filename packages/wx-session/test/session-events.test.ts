import { describe, expect, it } from 'vitest'
import { createFixture, networkError } from './fixtures/fake-platform.ts'

describe('events', () => {
  it('report each change to a status, with its state', async () => {
    const { platform, session } = createFixture()
    const seen: string[] = []
    session.on('signedIn', ({ user }) => seen.push(`signedIn ${user.name}`))
    session.on('unbound', ({ ticket }) => seen.push(`unbound ${ticket !== ''}`))
    session.on('signedOut', ({ status }) => seen.push(status))
    session.on('offline', ({ error }) => seen.push(`offline ${error instanceof Error}`))
    platform.boundTo = null
    await session.launch()
    platform.failures.exchange = networkError
    await session.signIn()
    platform.failures = {}
    platform.boundTo = { name: 'ming' }
    await session.signIn()
    await session.signOut()
    expect(seen).toEqual(['unbound true', 'offline true', 'signedIn ming', 'signedOut'])
  })

  it('signedIn is not emitted for a renewal or a new profile, but for another account', async () => {
    const { platform, session, call } = createFixture()
    await session.launch()
    const seen: string[] = []
    const unsubscribe = session.on('signedIn', ({ user }) => seen.push(user.name))
    platform.revoke()
    await call()
    await session.updateUser({ name: 'new' })
    expect([platform.counts.login, seen]).toEqual([2, []])
    const other = { name: 'other' }
    await session.accept({ tokens: platform.newTokens(other), user: other, newUser: false })
    await session.updateUser({ name: 'other with a new name' })
    unsubscribe()
    await session.accept({ tokens: platform.newTokens(other), user: other, newUser: false })
    expect(seen).toEqual(['other'])
  })

  it('unbound is emitted for each new ticket', async () => {
    const { platform, session } = createFixture()
    const tickets = new Set<string>()
    session.on('unbound', ({ ticket }) => tickets.add(ticket))
    platform.boundTo = null
    await session.launch()
    await session.signIn()
    expect(tickets.size).toBe(2)
  })

  it('are typed: a listener gets the state of its event', () => {
    const { session } = createFixture()
    // @ts-expect-error the event does not exist
    session.on('starting', () => undefined)
    // @ts-expect-error the state has no user
    session.on('signedOut', ({ user }) => user)
  })
})
