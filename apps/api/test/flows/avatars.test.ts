import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { deflateSync } from 'node:zlib'
import { pictureOfType, pngChunk, testPng } from '@mianmi/core/testing'
import { describe, expect, it } from 'vitest'
import { reasonOf, register, startService, type TestService } from '../harness.ts'

type Kind = 'jpg' | 'png' | 'webp'

/** A picture of exactly `size` bytes, an even number, of which most are random: in its pixels or its colour profile. */
function picture(kind: Kind = 'jpg', size = 3_000): Buffer {
  if (kind === 'png') return noise(size)
  const whole = Buffer.from(pictureOfType[kind])
  if (kind === 'jpg') {
    const head = Buffer.from('\xff\xe2\0\0ICC_PROFILE\0', 'latin1')
    head.writeUInt16BE(size - whole.length - 2, 2)
    const profile = randomBytes(size - whole.length - head.length)
    return Buffer.concat([whole.subarray(0, 2), head, profile, whole.subarray(2)])
  }
  const head = Buffer.from('RIFF----WEBPVP8X\x0a\0\0\0\x20\0\0\0\x17\0\0\x10\0\0ICCP----', 'latin1')
  const image = whole.subarray(12)
  const profile = randomBytes(size - head.length - image.length)
  head.writeUInt32LE(size - 8, 4)
  head.writeUInt32LE(profile.length, head.length - 4)
  return Buffer.concat([head, profile, image])
}

/** A PNG of grey noise, uncompressed, with a chunk that makes up what is missing. */
function noise(size: number): Buffer {
  const width = Math.min(1000, size - 110)
  const height = Math.floor((size - 100) / (width + 1))
  const rows = Array.from({ length: height }, () => [0, ...randomBytes(width)]).flat()
  const withBackground = (length: number) =>
    testPng({ width, height, rows, before: pngChunk('bKGD', [...randomBytes(length)]) })
  return Buffer.from(withBackground(size - withBackground(0).length))
}

/** A grey PNG of 1,024 × 1,024 whose data unpacks to these bytes. */
function compressed(rows: Buffer): Uint8Array {
  const empty = testPng({ width: 1024, height: 1024, rows: [] })
  const data = pngChunk('IDAT', [...deflateSync(rows, { level: 9 })])
  // The signature and the header, and the end.
  return Uint8Array.from([...empty.subarray(0, 33), ...data, ...empty.subarray(-12)])
}
const bomb = (): Buffer => Buffer.from(compressed(Buffer.alloc(30 * 1024 * 1024)))
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

  const large = Buffer.from(testPng({ width: 1024, height: 2 }))
  it.each([
    ['a beginning alone', picture('jpg').subarray(0, 100)],
    ['a picture without its last rows', picture('png').fill(0, 2_000)],
    ['a PNG that is cut off', picture('png').subarray(0, -1)],
    ['a WebP that is cut off', picture('webp').subarray(0, -2)],
    ['a picture of 1,025 pixels', Buffer.from(testPng({ width: 1025, height: 1 }))],
    ['a few bytes that claim 65,535 pixels', large.fill(0xff, 18, 20)],
    ['a PNG that unpacks to 30 times its pixels', bomb()],
  ])('%s is refused', async (_title, bytes) => {
    const service = await startService()
    const client = await signedUp(service)
    expect(await reasonOf(client.account.setAvatar.mutate(image(bytes)))).toBe('invalid_input')
    expect(kept(service)).toBe(0)
  })

  it('of compressed pixels is kept', async () => {
    const service = await startService()
    const client = await signedUp(service)
    const sent = Buffer.from(compressed(Buffer.alloc(1024 * 1025)))
    const { user } = await client.account.setAvatar.mutate(image(sent))
    expect((await fetchAvatar(service, user.avatarUrl)).bytes.equals(sent)).toBe(true)
  })

  it('requires a signed-in user', async () => {
    const service = await startService()
    const call = service.client().account.setAvatar.mutate(image(picture()))
    expect(await reasonOf(call)).toBe('unauthenticated')
  })

  it('is refused after twenty in an hour, with an audit event each time', async () => {
    const service = await startService()
    const client = await signedUp(service)
    const setAvatar = () => client.account.setAvatar.mutate(image(picture('png', 140)))
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
