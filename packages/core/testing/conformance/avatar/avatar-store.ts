import { describe, expect, it } from 'vitest'
import { many, race, registerUser } from '../drafts.ts'
import type { MakeStores } from '../stores.ts'

export function describeAvatarStore(make: MakeStores): void {
  describe('the avatar store', () => {
    it('keeps a picture and gives the user its address', async () => {
      const { avatars, pictureAt, sessions, ...stores } = await make()
      const { user, session } = await registerUser(stores)
      const picture = { type: 'webp', bytes: Uint8Array.of(1, 2, 3) } as const
      const kept = await avatars.keep(user.id, picture)
      expect(kept).toMatchObject({ id: user.id, avatarUrl: expect.stringMatching(/\.webp$/) })
      const found = await pictureAt(kept?.avatarUrl ?? '')
      expect({ type: found?.type, bytes: Array.from(found?.bytes ?? []) }).toEqual({
        type: 'webp',
        bytes: [1, 2, 3],
      })
      expect((await sessions.find(session.id))?.user.avatarUrl).toBe(kept?.avatarUrl)
    })

    it('of pictures that race each has its own address, and the last one is kept', async () => {
      const { avatars, users, pictureAt, ...stores } = await make()
      const { user } = await registerUser(stores)
      const results = await race(many, (index) =>
        avatars.keep(user.id, { type: 'png', bytes: Uint8Array.of(index) }),
      )
      const addresses = results.map((result) => result?.avatarUrl ?? '')
      expect(new Set(addresses).size).toBe(many)
      const kept = []
      for (const address of addresses) if ((await pictureAt(address)) !== null) kept.push(address)
      expect(kept).toEqual([addresses.at(-1)])
      const [avatarUrl] = kept
      expect(await users.updateProfile(user.id, { nickname: '小明' })).toMatchObject({ avatarUrl })
    })

    it('gives two users with one picture two addresses', async () => {
      const { avatars, ...stores } = await make()
      const users = await race(2, () => registerUser(stores))
      const picture = { type: 'png', bytes: Uint8Array.of(1) } as const
      const [one, two] = await Promise.all(users.map(({ user }) => avatars.keep(user.id, picture)))
      expect(one?.avatarUrl).not.toBe(two?.avatarUrl)
    })

    it('returns null for a user that does not exist', async () => {
      const { avatars } = await make()
      expect(await avatars.keep('unknown', { type: 'png', bytes: Uint8Array.of(1) })).toBeNull()
    })
  })
}
