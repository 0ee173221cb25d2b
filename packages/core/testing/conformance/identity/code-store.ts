import { describe, expect, it } from 'vitest'
import { many, race } from '../drafts.ts'
import type { MakeStores } from '../stores.ts'

const now = 1_800_000_000_000
const tenMinutes = 600_000

export function describeCodeStore(make: MakeStores): void {
  describe('the code store', () => {
    it('lets one of the callers that race have a code', async () => {
      const { codes } = await make()
      const claims = await race(many, () => codes.claim('wx1 code', now))
      expect(claims.filter(Boolean)).toHaveLength(1)
    })

    it('remembers a code for ten minutes, while other codes come', async () => {
      const { codes } = await make()
      expect(await codes.claim('wx1 code', now)).toBe(true)
      await race(many, (index) => codes.claim(`wx1 other ${index}`, now + tenMinutes - 1))
      expect(await codes.claim('wx1 code', now + tenMinutes - 1)).toBe(false)
    })

    it('tells the codes of two apps apart', async () => {
      const { codes } = await make()
      expect(await codes.claim('wx1 code', now)).toBe(true)
      expect(await codes.claim('wx2 code', now)).toBe(true)
    })

    it('lets one of the callers that race have a code that was given back', async () => {
      const { codes } = await make()
      await codes.claim('wx1 code', now)
      await codes.release('wx1 code')
      const claims = await race(many, () => codes.claim('wx1 code', now))
      expect(claims.filter(Boolean)).toHaveLength(1)
    })

    it('gives back nothing for a code that was not claimed', async () => {
      const { codes } = await make()
      await codes.release('wx1 code')
      expect(await codes.claim('wx1 code', now)).toBe(true)
    })
  })
}
