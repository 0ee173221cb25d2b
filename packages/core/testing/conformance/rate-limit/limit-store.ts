import { describe, expect, it } from 'vitest'
import { many, minute, now, race } from '../drafts.ts'
import type { MakeStores } from '../stores.ts'

const use = { key: 'guess anna', limit: 3, windowMs: minute, unwritten: 0 }

export function describeLimitStore(make: MakeStores): void {
  describe('the limit store', () => {
    it.each([0, 1, 2])(
      'lets exactly the limit through, with %i uses that may stay unwritten',
      async (unwritten) => {
        const { limits } = await make()
        const results = await race(many, () => limits.spend({ ...use, unwritten, now }))
        expect(results.filter((result) => result === null)).toHaveLength(3)
        expect(results.at(-1)).toEqual({ endsAt: now + minute })
        const later = { ...use, unwritten, now: now + minute }
        expect(await race(4, () => limits.spend(later))).toEqual([
          null,
          null,
          null,
          { endsAt: now + 2 * minute },
        ])
      },
    )

    it('opens a window with its first use, and the next one when it has ended', async () => {
      const { limits } = await make()
      await limits.spend({ ...use, now })
      await race(2, () => limits.spend({ ...use, now: now + minute - 1 }))
      expect(await limits.spend({ ...use, now: now + minute - 1 })).toEqual({
        endsAt: now + minute,
      })
      expect(await race(4, () => limits.spend({ ...use, now: now + minute }))).toEqual([
        null,
        null,
        null,
        { endsAt: now + 2 * minute },
      ])
    })

    it('counts nothing for a refused use', async () => {
      const { limits } = await make()
      await race(many, () => limits.spend({ ...use, now }))
      await limits.refund({ ...use, now })
      expect(await limits.spend({ ...use, now })).toBeNull()
      expect(await limits.spend({ ...use, now })).not.toBeNull()
    })

    it('counts each key apart', async () => {
      const { limits } = await make()
      await race(4, () => limits.spend({ ...use, now }))
      expect(await limits.spend({ ...use, key: 'guess bob', now })).toBeNull()
    })

    it.each([3, 4])(
      'lets no more through with %i uses that may stay unwritten',
      async (unwritten) => {
        const { limits } = await make()
        const results = await race(many, () => limits.spend({ ...use, unwritten, now }))
        expect(results.filter((result) => result === null)).toHaveLength(3)
        expect(results.at(-1)).toEqual({ endsAt: now + minute })
      },
    )

    it('counts one use of each key, or none where one of them is at its limit', async () => {
      const { limits } = await make()
      const account = { ...use, now }
      const network = { ...use, key: 'guess from network', limit: 4, now: now + 1 }
      const results = await race(many, () => limits.spend(network, account))
      expect(results.filter((result) => result === null)).toHaveLength(3)
      expect(results.at(-1)).toEqual({ endsAt: now + minute })
      expect(await limits.spend(network)).toBeNull()
      expect(await limits.spend(account, network)).toEqual({ endsAt: now + minute + 1 })
      await limits.refund(account, network)
      expect(await limits.spend(account, network)).toBeNull()
    })

    it.each([0, 1, 9])(
      'counts a use that came before the one that opened the window and is decided after it, with %i uses unwritten',
      async (unwritten) => {
        const { limits } = await make()
        const at = (time: number) => ({ ...use, unwritten, now: time })
        for (const time of [now + 5_000, now + 4_999, now])
          expect(await limits.spend(at(time))).toBeNull()
        for (const time of [now, now + 5_000])
          expect(await limits.spend(at(time))).toEqual({ endsAt: now + 5_000 + minute })
        await limits.refund(at(now))
        expect(await limits.spend(at(now))).toBeNull()
        expect(await limits.spend(at(now))).not.toBeNull()
        expect(await limits.spend(at(now - 1))).toBeNull()
      },
    )

    it.each([0, 1, 9])(
      'ends a window that a clock opened which was ahead, with %i uses unwritten',
      async (unwritten) => {
        const { limits } = await make()
        const hasty = { ...use, unwritten, now: now + 10 * minute }
        await race(many, () => limits.spend(hasty))
        const sound = { ...use, unwritten, now }
        await limits.refund(sound)
        const results = await race(many, () => limits.spend(sound))
        expect(results.filter((result) => result === null)).toHaveLength(3)
        expect(results.at(-1)).toEqual({ endsAt: now + minute })
      },
    )

    it.each([0, 2, 9])(
      'opens a full window after the uses of one were given back, with %i uses unwritten',
      async (unwritten) => {
        const { limits } = await make()
        const at = (time: number) => ({ ...use, unwritten, now: time })
        await race(2, () => limits.spend(at(now)))
        await limits.refund(at(now), at(now))
        const results = await race(many, () => limits.spend(at(now + 1)))
        expect(results.filter((result) => result === null)).toHaveLength(3)
        expect(results.at(-1)).toEqual({ endsAt: now + 1 + minute })
      },
    )

    it('gives back no use of a window that opened since', async () => {
      const { limits } = await make()
      await limits.spend({ ...use, now })
      await race(3, () => limits.spend({ ...use, now: now + minute }))
      await limits.refund({ ...use, now })
      expect(await limits.spend({ ...use, now: now + minute })).toEqual({
        endsAt: now + 2 * minute,
      })
    })

    it('takes one use back for each refund, and never more than were counted', async () => {
      const { limits } = await make()
      await limits.refund({ ...use, now })
      await limits.spend({ ...use, now })
      await race(3, () => limits.refund({ ...use, now }))
      const results = await race(4, () => limits.spend({ ...use, now }))
      expect(results.filter((result) => result === null)).toHaveLength(3)
      await race(2, () => limits.refund({ ...use, now }))
      const again = await race(3, () => limits.spend({ ...use, now }))
      expect(again.filter((result) => result === null)).toHaveLength(2)
    })
  })
}
