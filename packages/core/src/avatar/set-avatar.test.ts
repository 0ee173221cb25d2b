import { describe, expect, it } from 'vitest'
import {
  createTestService,
  failureOf,
  pngChunk,
  reasonOf,
  registerTestUser,
  testPng,
} from '../../testing/index.ts'
import { largestPicture } from './picture.ts'

/** A PNG with a text chunk, which does not belong to the picture. */
const png = (after: readonly number[] = []): Uint8Array =>
  testPng({ after: [...pngChunk('tEXt', text('where it was taken')), ...after] })
const text = (value: string): number[] => [...value].map((letter) => letter.charCodeAt(0))

async function start() {
  const service = createTestService()
  const ming = await registerTestUser(service, { account: 'ming' })
  const userId = ming.signedIn.user.id
  const set = (bytes: Uint8Array) => service.users.setAvatar(ming.actor, bytes)
  return { service, ming, userId, set, limit: `new avatar of user ${userId}` }
}

describe('setAvatar', () => {
  it('stores the picture without its metadata', async () => {
    const { service, userId, set, ming } = await start()
    const changed = await set(png())
    const kept = service.store.state.avatars.get(userId)
    expect(changed).toEqual({ ...ming.signedIn.user, avatarUrl: kept?.address })
    expect(kept?.type).toBe('png')
    const bytes = String.fromCharCode(...(kept?.bytes ?? []))
    expect(bytes).toContain('IDAT')
    expect(bytes).not.toContain('where it was taken')
    expect(service.events.at(-1)).toMatchObject({ action: 'profile_change', outcome: 'ok', userId })
  })

  it('accepts the largest picture, and refuses one byte more', async () => {
    const { set, service, limit } = await start()
    const of = (size: number) =>
      png(
        pngChunk(
          'tEXt',
          Array.from({ length: size - png(pngChunk('tEXt', [])).length }, () => 7),
        ),
      )
    expect(await set(of(largestPicture))).toMatchObject({ avatarUrl: expect.any(String) })
    const failure = await failureOf(set(of(largestPicture + 1)))
    expect(failure.message).toBe('invalid_input: a picture that is too large, of 40961 bytes')
    expect(service.usesOf(limit)).toBe(1)
  })

  it('refuses what is no picture, and does not count it', async () => {
    const { set, service, limit } = await start()
    const cutOff = await failureOf(set(png().slice(0, -1)))
    expect(cutOff.message).toBe('invalid_input: a PNG without an end, of 105 bytes')
    expect(await reasonOf(set(Uint8Array.of(1, 2, 3)))).toBe('invalid_input')
    expect(service.usesOf(limit)).toBe(0)
    expect(service.events.at(-1)).toMatchObject({ outcome: 'invalid_input' })
  })

  it('is limited to 20 pictures of a user in an hour', async () => {
    const { set, service } = await start()
    for (let count = 0; count < 20; count++) await set(png())
    const failure = await failureOf(set(png()))
    expect([failure.reason, failure.retryAfter]).toEqual(['rate_limited', 3_600])
    const hong = await registerTestUser(service, { account: 'hong' })
    expect(await service.users.setAvatar(hong.actor, png())).toMatchObject({ account: 'hong' })
    service.clock.advance(3_600_000)
    expect(await set(png())).toMatchObject({ account: 'ming' })
  })

  it('is limited to 600 tries of a user in an hour, also where nothing is a picture', async () => {
    const { set, service } = await start()
    for (let count = 0; count < 600; count++)
      expect(await reasonOf(set(Uint8Array.of(1)))).toBe('invalid_input')
    expect(await reasonOf(set(png()))).toBe('rate_limited')
    service.clock.advance(3_600_000)
    expect(await set(png())).toMatchObject({ account: 'ming' })
  })

  it('refuses a caller who was deleted in the meantime', async () => {
    const { set, service, userId } = await start()
    await service.store.users.remove(userId)
    expect(await reasonOf(set(png()))).toBe('unauthenticated')
  })
})
