import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { reasonOf, register, startService, type TestService } from '../harness.ts'

type Kind = 'jpg' | 'png' | 'webp'

/** The bytes before and after the one long segment of a minimal picture. */
const frames: Record<Kind, (length: number) => [before: Buffer, after: Buffer]> = {
  jpg: (length) => {
    const size = [(length + 2) >> 8, (length + 2) & 0xff]
    return [
      Buffer.from([0xff, 0xd8, 0xff, 0xdb, ...size]),
      Buffer.from([0xff, 0xda, 0, 2, 0xff, 0xd9]),
    ]
  },
  png: (length) => {
    const before = Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\0IDAT', 'latin1')
    before.writeUInt32BE(length, 8)
    return [before, Buffer.from('CRC.\0\0\0\0IENDCRC.', 'latin1')]
  },
  webp: (length) => {
    const before = Buffer.from('RIFF\0\0\0\0WEBPVP8 \0\0\0\0', 'latin1')
    before.writeUInt32LE(length + 12, 4)
    before.writeUInt32LE(length, 16)
    return [before, Buffer.alloc(0)]
  },
}

/** Of exactly `size` bytes, an even number. */
function picture(kind: Kind = 'jpg', size = 3_000): Buffer {
  const outside = Buffer.concat(frames[kind](0)).length
  const content = randomBytes(size - outside)
  const [before, after] = frames[kind](content.length)
  return Buffer.concat([before, content, after])
}
const image = (bytes: Buffer) => ({ image: bytes.toString('base64') })

async function signedUp(service: TestService, person = 'ming') {
  const { tokens } = await register(service, person, person)
  return service.client(tokens.accessToken)
}

/** Fetches an address that the service returned, from the local service. */
async function fetchAvatar(service: TestService, avatarUrl: string | null) {
  const { pathname } = new URL(avatarUrl ?? '')
  const response = await fetch(`${service.url()}${pathname}`)
  return { response, bytes: Buffer.from(await response.arrayBuffer()) }
}

const kept = (service: TestService): unknown =>
  service.database().sqlite.prepare('select count(*) from avatars').pluck().get()

describe('a picture as avatar', () => {
  it.each([
    ['jpg', 'image/jpeg'],
    ['png', 'image/png'],
    ['webp', 'image/webp'],
  ] as const)('%s is kept and shown as it was sent, and as nothing else', async (type, media) => {
    const service = await startService({ ISSUER: 'https://mianmi.example/' })
    const client = await signedUp(service)
    const sent = picture(type)
    const { user } = await client.account.setAvatar.mutate(image(sent))
    expect(user.avatarUrl).toMatch(
      new RegExp(`^https://mianmi\\.example/avatars/[0-9a-f]{32}\\.${type}$`),
    )
    expect((await client.me.query()).user).toEqual(user)
    const { response, bytes } = await fetchAvatar(service, user.avatarUrl)
    expect(bytes.equals(sent)).toBe(true)
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': media,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'public, max-age=31536000, immutable',
      'cross-origin-resource-policy': 'cross-origin',
    })
  })

  it('of 40 KB fits, and a byte more does not', async () => {
    const service = await startService()
    const client = await signedUp(service)
    await client.account.setAvatar.mutate(image(picture('jpg', 40 * 1024)))
    const tooBig = client.account.setAvatar.mutate(image(picture('jpg', 40 * 1024 + 1)))
    expect(await reasonOf(tooBig)).toBe('invalid_input')
    const { user } = await client.me.query()
    expect((await fetchAvatar(service, user.avatarUrl)).bytes).toHaveLength(40 * 1024)
  })

  const jpeg = picture().toString('base64')
  it.each([
    ['nothing', ''],
    ['a page', Buffer.from('<script>alert(1)</script>').toString('base64')],
    ['a drawing', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>').toString('base64')],
    ['a GIF', Buffer.from('GIF89a--------------').toString('base64')],
    ['base64 for addresses', picture().fill(0xff, 3).toString('base64url')],
    ['base64 without its end', `${jpeg.slice(0, 400)}/w`],
    ['base64 with unused bits', `${jpeg.slice(0, 400)}/x==`],
    ['base64 in lines', `${jpeg.slice(0, 400)}\n${jpeg.slice(400)}`],
    ['a data address', `data:image/jpeg;base64,${jpeg}`],
  ])('%s is refused', async (_title, text) => {
    const service = await startService()
    const client = await signedUp(service)
    expect(await reasonOf(client.account.setAvatar.mutate({ image: text }))).toBe('invalid_input')
    expect(kept(service)).toBe(0)
  })

  it('requires a signed-in user', async () => {
    const service = await startService()
    const call = service.client().account.setAvatar.mutate(image(picture()))
    expect(await reasonOf(call)).toBe('unauthenticated')
  })

  it('is refused after twenty in an hour, with an audit event each time', async () => {
    const service = await startService()
    const client = await signedUp(service)
    const setAvatar = () => client.account.setAvatar.mutate(image(picture('png', 100)))
    for (let i = 0; i < 20; i++) await setAvatar()
    expect(await reasonOf(setAvatar())).toBe('rate_limited')
    const other = await signedUp(service, 'hong')
    await other.account.setAvatar.mutate(image(picture()))
    service.passTime(3_600_000)
    const outcomes = service
      .database()
      .sqlite.prepare(
        "select outcome, count(*) as count from audit_events where action = 'profile_change' group by 1",
      )
      .all()
    expect(outcomes).toEqual([
      { outcome: 'ok', count: 21 },
      { outcome: 'rate_limited', count: 1 },
    ])
  })
})

describe('the address of a picture', () => {
  it('differs for another person with the same picture', async () => {
    const service = await startService()
    const same = image(picture())
    const [ming, hong] = [await signedUp(service, 'ming'), await signedUp(service, 'hong')]
    const first = (await ming.account.setAvatar.mutate(same)).user.avatarUrl
    const second = (await hong.account.setAvatar.mutate(same)).user.avatarUrl
    expect(second).not.toBe(first)
    expect((await ming.account.setAvatar.mutate(same)).user.avatarUrl).toBe(first)
  })

  it.each(['unknown', 'wrong type', 'walking up'])('%s gives a 404', async (kind) => {
    const service = await startService()
    const client = await signedUp(service)
    const { user } = await client.account.setAvatar.mutate(image(picture('png')))
    const name = user.avatarUrl?.split('/').at(-1) ?? ''
    const paths = {
      unknown: `${'0'.repeat(32)}.png`,
      'wrong type': name.replace('.png', '.jpg'),
      'walking up': '..%2f..%2fpackage.json',
    }
    const response = await fetch(`${service.url()}/avatars/${paths[kind as keyof typeof paths]}`)
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { data: { reason: 'not_found' } } })
  })
})

describe('a picture is gone', () => {
  it('when it is replaced by a newer one or by another address, or removed', async () => {
    const service = await startService()
    const client = await signedUp(service)
    const setAvatar = async () => (await client.account.setAvatar.mutate(image(picture()))).user
    const isGone = async (user: { avatarUrl: string | null }) =>
      (await fetchAvatar(service, user.avatarUrl)).response.status === 404
    const first = await setAvatar()
    const second = await setAvatar()
    expect(await isGone(first)).toBe(true)
    const { nickname, avatarUrl } = second
    await client.account.updateProfile.mutate({ nickname })
    expect(await isGone(second)).toBe(false)
    await client.account.updateProfile.mutate({ avatarUrl: 'https://a.example/1.png' })
    expect(await isGone(second)).toBe(true)
    expect(avatarUrl).not.toBeNull()
    const third = await setAvatar()
    await client.account.updateProfile.mutate({ avatarUrl: null })
    expect(await isGone(third)).toBe(true)
    expect(kept(service)).toBe(0)
  })

  it('when the account is deleted: not a byte of it stays in the database files', async () => {
    const service = await startService()
    const client = await signedUp(service)
    const sent = picture('webp', 40_000)
    const { user } = await client.account.setAvatar.mutate(image(sent))
    const files = () => {
      const path = service.database().sqlite.name
      return Buffer.concat([path, `${path}-wal`].map((file) => readFileSync(file)))
    }
    expect(files().includes(sent.subarray(100, 132))).toBe(true)
    await client.account.delete.mutate({ confirm: true, code: await service.code('ming') })
    expect((await fetchAvatar(service, user.avatarUrl)).response.status).toBe(404)
    const left = files()
    for (let at = 0; at < sent.length; at += 32)
      expect(left.includes(sent.subarray(at, at + 32)), `byte ${at}`).toBe(false)
  })

  it('of somebody who was signed in on two phones: the last one stays, with its own address', async () => {
    const service = await startService()
    const client = await signedUp(service)
    const pictures = Array.from({ length: 12 }, () => picture())
    const replies = await Promise.all(
      pictures.map((sent) => client.account.setAvatar.mutate(image(sent))),
    )
    const { user } = await client.me.query()
    const last = replies.findIndex((reply) => reply.user.avatarUrl === user.avatarUrl)
    expect(
      (await fetchAvatar(service, user.avatarUrl)).bytes.equals(pictures[last] ?? Buffer.alloc(0)),
    ).toBe(true)
    expect(kept(service)).toBe(1)
  })
})
