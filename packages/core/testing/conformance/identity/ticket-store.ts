import { describe, expect, it } from 'vitest'
import { issueTicket, many, minute, newSession, newUser, now, race } from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'

const request = { now, ttl: minute, maxTries: 3, replayMs: minute }

export function describeTicketStore(make: MakeStores): void {
  describe('the ticket store', () => {
    describe('a ticket that is not used', () => unusedTicketsConform(make))
    describe('a used ticket', () => usedTicketsConform(make))
  })
}

function unusedTicketsConform(make: MakeStores): void {
  it('is found until its time, by its own hash', async () => {
    const stores = await make()
    const { hash, claim } = await issueTicket(stores)
    const { tickets } = stores
    const found = { identity: claim.identity, used: null }
    expect(await tickets.find({ ...request, hash })).toEqual(found)
    expect(await tickets.find({ ...request, hash: 'unknown' })).toBeNull()
    expect(await tickets.find({ ...request, hash, now: now + minute - 1 })).toEqual(found)
    expect(await tickets.find({ ...request, hash, now: now + minute })).toBeNull()
  })

  it('is not found where a clock issued it that was ahead, until the clock gets there', async () => {
    const stores = await make()
    const { hash } = await issueTicket(stores)
    const { tickets } = stores
    expect(await tickets.find({ ...request, hash, now: now - 5_001 })).toBeNull()
    // The call may have begun before another node issued it, or by a slightly slower clock.
    expect(await tickets.find({ ...request, hash, now: now - 5_000 })).not.toBeNull()
  })

  it('is issued once under its hash', async () => {
    const stores = await make()
    const { hash, claim } = await issueTicket(stores)
    const other = { hash, identity: { ...claim.identity, openid: 'another' }, expiresAt: now + 1 }
    await expect(stores.tickets.issue(other, now)).rejects.toThrow()
    expect((await stores.tickets.find({ ...request, hash }))?.identity).toEqual(claim.identity)
  })

  it('has exactly as many tries as are allowed, also when they race, and is burnt then', async () => {
    const stores = await make()
    const { hash } = await issueTicket(stores)
    const { tickets } = stores
    const spend = () => tickets.spendTry({ hash, now, maxTries: 3 })
    expect(await race(2, spend)).toEqual([true, true])
    expect(await tickets.find({ ...request, hash })).not.toBeNull()
    const spent = await race(many, spend)
    expect(spent.filter(Boolean)).toHaveLength(1)
    expect(await tickets.find({ ...request, hash })).toBeNull()
  })

  it('gets back as many tries as were spent, and no more', async () => {
    const stores = await make()
    const { hash } = await issueTicket(stores)
    const { tickets } = stores
    const spend = () => tickets.spendTry({ hash, now, maxTries: 3 })
    await race(many, spend)
    await race(many, () => tickets.returnTry(hash))
    await tickets.returnTry('unknown')
    expect((await race(many, spend)).filter(Boolean)).toHaveLength(3)
  })

  it('has no try left once its time is over, and an unknown one has none', async () => {
    const stores = await make()
    const { hash } = await issueTicket(stores)
    const { tickets } = stores
    expect(await tickets.spendTry({ hash, now: now + minute, maxTries: 3 })).toBe(false)
    expect(await tickets.spendTry({ hash, now: now + minute - 1, maxTries: 3 })).toBe(true)
    expect(await tickets.spendTry({ hash: 'unknown', now, maxTries: 3 })).toBe(false)
  })

  it('counts its tries apart from those of other tickets', async () => {
    const stores = await make()
    const one = await issueTicket(stores)
    const two = await issueTicket(stores)
    const { tickets } = stores
    await race(3, () => tickets.spendTry({ hash: one.hash, now, maxTries: 3 }))
    expect(await tickets.find({ ...request, hash: two.hash })).not.toBeNull()
    expect(await tickets.spendTry({ hash: two.hash, now, maxTries: 3 })).toBe(true)
  })
}

async function useTicket(stores: TestedStores, createdAt = now, tries = 0) {
  const { hash, claim } = await issueTicket(stores)
  await race(tries, () => stores.tickets.spendTry({ hash, now, maxTries: 3 }))
  const user = newUser()
  const session = newSession({ createdAt })
  expect(await stores.identities.register({ claim, user, session })).toMatchObject({
    status: 'bound',
  })
  return { hash, user, claim }
}

function usedTicketsConform(make: MakeStores): void {
  it('says who used it for as long as it may be repeated, whatever is left of its time', async () => {
    const stores = await make()
    const { hash, user, claim } = await useTicket(stores, now + minute - 1)
    const find = (at: number) => stores.tickets.find({ ...request, hash, now: at })
    expect(await find(now + 2 * minute - 2)).toEqual({
      identity: claim.identity,
      used: { userId: user.id, proof: null },
    })
    expect(await find(now + 2 * minute - 1)).toBeNull()
  })

  it('is not found where a clock used it that was ahead, until the clock gets there', async () => {
    const stores = await make()
    const { hash } = await useTicket(stores, now + 10_000)
    expect(await stores.tickets.find({ ...request, hash, now: now + 4_999 })).toBeNull()
    // A call that began before the one that used it may be decided after that.
    expect(await stores.tickets.find({ ...request, hash, now: now + 5_000 })).not.toBeNull()
  })

  it('is not swept by new tickets before that', async () => {
    const stores = await make()
    const { hash } = await useTicket(stores, now + minute - 1)
    const at = now + 2 * minute - 2
    await issueTicket(stores, { at, expiresAt: at + minute })
    expect(await stores.tickets.find({ ...request, hash, now: at })).not.toBeNull()
  })

  it('counts tries from its use on, and is found when none is left', async () => {
    const stores = await make()
    const { hash } = await useTicket(stores, now, 3)
    const at = now + minute
    const spent = await race(4, () => stores.tickets.spendTry({ hash, now: at, maxTries: 3 }))
    expect(spent.filter(Boolean)).toHaveLength(3)
    expect(await stores.tickets.find({ ...request, hash })).not.toBeNull()
  })
}
