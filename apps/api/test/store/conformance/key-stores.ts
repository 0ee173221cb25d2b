import { describe, expect, it } from 'vitest'
import type { MakeStore } from './make-store.ts'
import { many, now, race, storeOptions } from './store-options.ts'

const hour = 3_600_000
const draft = (kid: string, rootId: string) => ({
  kid,
  rootId,
  sealedPrivateJwk: `sealed ${kid}`,
  createdAt: now,
})

export function describeKeyStores(make: MakeStore): void {
  describe('the root keys', () => {
    it('of two processes whose keys do not list each other one is refused', async () => {
      const { rootKeys } = await make(storeOptions())
      const claims = await race(many, (index) => {
        const id = `key ${index % 2}`
        return rootKeys.claim({ id, listed: [id], now })
      })
      const used = await rootKeys.used()
      expect(used).toHaveLength(1)
      for (const [index, isClaimed] of claims.entries())
        expect(isClaimed).toBe(used[0] === `key ${index % 2}`)
    })

    it('are claimed by a process that lists all of them, the first used first', async () => {
      const { rootKeys } = await make(storeOptions())
      expect(await rootKeys.claim({ id: 'b', listed: ['b'], now })).toBe(true)
      expect(await rootKeys.claim({ id: 'a', listed: ['a', 'b'], now: now + 1 })).toBe(true)
      expect(await rootKeys.claim({ id: 'b', listed: ['b'], now: now + 2 })).toBe(false)
      expect(await rootKeys.used()).toEqual(['b', 'a'])
    })

    it('are recorded once, whatever else is in use', async () => {
      const { rootKeys } = await make(storeOptions())
      await rootKeys.claim({ id: 'a', listed: ['a'], now })
      await race(many, () => rootKeys.record('b', now + 1))
      expect(await rootKeys.used()).toEqual(['a', 'b'])
    })

    it('are retired together, with the keys of those in use and the end of their signing keys', async () => {
      const { rootKeys, retiredMacKeys, signingKeys } = await make(storeOptions())
      await rootKeys.record('old', now)
      await rootKeys.record('new', now)
      await signingKeys.keep({
        first: 'new',
        listed: ['new', 'old', 'unused'],
        drafts: [draft('k1', 'old'), draft('k2', 'new')],
        retiredUntil: 0,
        unusedUntil: 0,
        now,
      })
      const macKeys = (['old', 'unused'] as const).map((rootId) => ({
        rootId,
        purpose: 'refresh token' as const,
        sealedKey: `sealed ${rootId}`,
      }))
      await race(2, () => rootKeys.claimAlone({ id: 'new', macKeys, now: now + hour }))
      expect(await rootKeys.used()).toEqual(['new'])
      expect(await retiredMacKeys.list()).toEqual([{ ...macKeys[0], retiredAt: now + hour }])
      const ends = (await signingKeys.list()).map(({ kid, retiredAt }) => [kid, retiredAt])
      expect(Object.fromEntries(ends)).toEqual({ k1: now + hour, k2: null })
    })
  })

  describe('the retired MAC keys', () => {
    it('are removed when they have outlived what they verify, and a time ahead is set right', async () => {
      const { rootKeys, retiredMacKeys } = await make(storeOptions())
      const retire = async (
        rootId: string,
        purpose: 'refresh token' | 'recovery code',
        at: number,
      ) => {
        await rootKeys.record(rootId, now)
        const macKeys = [{ rootId, purpose, sealedKey: 'sealed' }]
        await rootKeys.claimAlone({ id: 'first', macKeys, now: at })
      }
      await retire('a', 'refresh token', now - hour)
      await retire('b', 'refresh token', now - hour + 1)
      await retire('c', 'recovery code', now - 2 * hour)
      await retire('d', 'refresh token', now + hour)
      await race(2, () =>
        retiredMacKeys.clean({ purpose: 'refresh token', until: now - hour, now }),
      )
      const left = (await retiredMacKeys.list()).map(({ rootId, retiredAt }) => [rootId, retiredAt])
      expect(Object.fromEntries(left)).toEqual({
        b: now - hour + 1,
        c: now - 2 * hour,
        d: now,
      })
    })
  })

  describe('the signing keys', () => {
    const limits = { retiredUntil: now - hour, unusedUntil: now - hour }
    const change = { first: 'a', listed: ['a', 'b'], ...limits, now }

    it('are the same for all processes that start at once', async () => {
      const { signingKeys } = await make(storeOptions())
      const kept = await race(many, (index) =>
        signingKeys.keep({
          ...change,
          drafts: [draft(`a ${index}`, 'a'), draft(`b ${index}`, 'b')],
        }),
      )
      const kids = kept.map((keys) =>
        keys
          .map(({ kid }) => kid)
          .sort()
          .join(),
      )
      expect(new Set(kids).size).toBe(1)
      expect(await signingKeys.list()).toHaveLength(2)
    })

    it('are deleted when they verify nothing any more, and used again when theirs is first again', async () => {
      const { rootKeys, signingKeys } = await make(storeOptions())
      const drafts = ['a', 'b', 'unlisted'].map((id) => draft(id, id))
      await signingKeys.keep({ ...change, listed: ['a', 'b', 'unlisted'], drafts })
      for (const id of ['a', 'b', 'c']) await rootKeys.record(id, now)
      const macKeys = (['a', 'b'] as const).map((rootId) => ({
        rootId,
        purpose: 'refresh token' as const,
        sealedKey: 'sealed',
      }))
      await rootKeys.claimAlone({ id: 'c', macKeys, now })
      const ofTime = (at: number) =>
        signingKeys.keep({
          ...{ ...change, drafts: [], now: at },
          ...{ retiredUntil: at - hour, unusedUntil: at - hour },
        })
      const before = await ofTime(now + hour - 1)
      expect(before.map(({ kid }) => kid).sort()).toEqual(['a', 'b', 'unlisted'])
      expect(await ofTime(now + hour)).toMatchObject([{ kid: 'a', retiredAt: null }])
    })

    it('of a root key that another process writes under are not deleted', async () => {
      const { rootKeys, signingKeys } = await make(storeOptions())
      const drafts = ['a', 'b', 'unlisted'].map((id) => draft(id, id))
      await signingKeys.keep({ ...change, listed: ['a', 'b', 'unlisted'], drafts })
      await rootKeys.record('unlisted', now)
      const kept = await signingKeys.keep({ ...change, drafts: [], unusedUntil: now })
      expect(kept).toHaveLength(3)
    })

    it('know of no service that has used the database before it did', async () => {
      const { signingKeys } = await make(storeOptions())
      expect(await signingKeys.haveBeenUsed()).toBe(false)
    })
  })
}
