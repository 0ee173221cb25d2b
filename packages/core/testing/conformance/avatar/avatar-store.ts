import { describe, expect, it } from 'vitest'
import { keepPicture, updateProfile } from '../callers.ts'
import { many, race, registerUser } from '../drafts.ts'
import type { MakeStores } from '../stores.ts'

export function describeAvatarStore(make: MakeStores): void {
  describe('the avatar store', () => {
    it('keeps a picture and gives the user its address', async () => {
      const stores = await make()
      const { pictureAt, sessions } = stores
      const { user, session } = await registerUser(stores)
      const picture = { type: 'webp', bytes: Uint8Array.of(1, 2, 3) } as const
      const address = await keepPicture(stores, user.id, picture)
      expect(address).toMatch(/\.webp$/)
      const found = await pictureAt(address)
      expect({ type: found?.type, bytes: Array.from(found?.bytes ?? []) }).toEqual({
        type: 'webp',
        bytes: [1, 2, 3],
      })
      expect((await sessions.find(session.id))?.user.avatarUrl).toBe(address)
    })

    it('of pictures that race each has its own address, and one is kept, which the user has', async () => {
      const stores = await make()
      const { pictureAt } = stores
      const { user } = await registerUser(stores)
      const addresses = await race(many, (index) =>
        keepPicture(stores, user.id, { type: 'png', bytes: Uint8Array.of(index) }),
      )
      expect(new Set(addresses).size).toBe(many)
      const kept = []
      for (const address of addresses) if ((await pictureAt(address)) !== null) kept.push(address)
      expect(kept).toHaveLength(1)
      // Where writes run in their order it is the last one.
      if (stores.writesInOrder) expect(kept).toEqual([addresses.at(-1)])
      const [avatarUrl] = kept
      expect(await updateProfile(stores, user.id, { nickname: '小明' })).toMatchObject({
        avatarUrl,
      })
    })

    it('gives two users with one picture two addresses', async () => {
      const stores = await make()
      const users = await race(2, () => registerUser(stores))
      const [one, two] = await Promise.all(users.map(({ user }) => keepPicture(stores, user.id)))
      expect(one).not.toBe(two)
    })
  })
}
