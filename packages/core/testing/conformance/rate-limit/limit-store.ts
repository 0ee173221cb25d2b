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
      await limits.refund(use.key)
      expect(await limits.spend({ ...use, now })).toBeNull()
      expect(await limits.spend({ ...use, now })).not.toBeNull()
    })

    it('counts each key apart', async () => {
      const { limits } = await make()
      await race(4, () => limits.spend({ ...use, now }))
      expect(await limits.spend({ ...use, key: 'guess bob', now })).toBeNull()
    })

    it('takes one use back for each refund, and never more than were counted', async () => {
      const { limits } = await make()
      await limits.refund(use.key)
      await limits.spend({ ...use, now })
      await race(3, () => limits.refund(use.key))
      const results = await race(4, () => limits.spend({ ...use, now }))
      expect(results.filter((result) => result === null)).toHaveLength(3)
      await race(2, () => limits.refund(use.key))
      const again = await race(3, () => limits.spend({ ...use, now }))
      expect(again.filter((result) => result === null)).toHaveLength(2)
    })
  })
}
