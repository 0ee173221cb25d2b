import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { admin, startWithAdministrator } from '../admin/client.ts'
import { register, startService } from '../harness.ts'
import { callV1, createKey } from '../v1/service-client.ts'

const json = 'application/json'
/** Valid JSON with the bytes in a string. */
const withBytes = (...bytes: number[]): Buffer<ArrayBuffer> =>
  Buffer.concat([Buffer.from('{"code":"'), Buffer.from(bytes), Buffer.from('"}')])
const notUtf8: readonly (readonly [string, Buffer<ArrayBuffer>])[] = [
  ['a byte that UTF-8 never has', withBytes(0xff)],
  ['GBK', withBytes(0xc4, 0xe3)],
  ['a long form of /', withBytes(0xc0, 0xaf)],
  ['half a surrogate pair', withBytes(0xed, 0xa0, 0x80)],
  ['the start of a character', withBytes(0xe4, 0xbd)],
]

async function post(url: string, headers: Record<string, string>, body: Buffer<ArrayBuffer>) {
  const response = await fetch(url, { method: 'POST', headers, body })
  const text = await response.text()
  return [response.status, /"reason":"(\w+)"/.exec(text)?.[1]]
}

const paths = ['/trpc/miniLogin', '/admin/trpc/account.signIn', '/auth/miniLogin', '/v1/introspect']
const typeOf = (path: string) =>
  path.startsWith('/v1/') ? 'application/x-www-form-urlencoded' : json

describe.each(paths)('POST %s', (path) => {
  it.each(notUtf8)('refuses a body of %s', async (_, body) => {
    const service = await startService()
    const headers = { 'content-type': typeOf(path), origin: service.url() }
    expect(await post(`${service.url()}${path}`, headers, body)).toEqual([400, 'invalid_input'])
  })

  it.each([
    { 'content-type': '; charset=gbk' },
    { 'content-type': '; Charset="iso-8859-1"' },
    { 'content-type': '; charset=utf-8; charset=utf-16' },
    { 'content-type': '; charset=' },
    { 'content-encoding': 'gzip' },
    { 'content-encoding': 'identity, br' },
  ])('refuses %j', async ({ 'content-type': parameters = '', ...headers }) => {
    const service = await startService()
    const type = { 'content-type': `${typeOf(path)}${parameters}`, origin: service.url() }
    const reply = await post(`${service.url()}${path}`, { ...headers, ...type }, Buffer.from('{}'))
    expect(reply).toEqual([415, 'unsupported_media_type'])
  })
})

it('UTF-8 is accepted under its names, and with U+FFFD that was sent', async () => {
  const service = await startWithAdministrator()
  const body = Buffer.from(JSON.stringify({ ...admin, password: '\ufffd你' }))
  for (const parameters of ['; charset=utf-8', ';charset="UTF-8"', '; charset=UTF8', '; a=b']) {
    const headers = { 'content-type': `${json}${parameters}`, 'content-encoding': 'identity' }
    const sent = { ...headers, origin: service.url() }
    const reply = await post(`${service.url()}/admin/trpc/account.signIn`, sent, body)
    expect(reply[0], parameters).toBe(401)
  }
})

it('two external ids in GBK do not become one', async () => {
  const service = await startService()
  const { key } = await createKey(service)
  const { user } = await register(service, 'ming', 'ming')
  const body = Buffer.concat([Buffer.from('{"externalId":"'), Buffer.from([0xff, 0x22, 0x7d])])
  const headers = { authorization: `Bearer ${key}`, 'content-type': json }
  const url = `${service.url()}/v1/users/${user.id}`
  expect((await fetch(url, { method: 'PATCH', headers, body })).status).toBe(400)
  expect((await callV1(service, key, ['GET', `/users/${user.id}`])).body.externalId).toBeNull()
  for (const externalId of ['a\ufffd', 'a\u200b', 'a\u202e']) {
    const set = await callV1(service, key, ['PATCH', `/users/${user.id}`, { externalId }])
    expect([set.status, set.body.reason]).toEqual([400, 'invalid_input'])
  }
  expect((await callV1(service, key, ['GET', '/users?externalId=%EF%BF%BD'])).status).toBe(400)
})

/** Sends a request line and headers as they are, which no client library does. */
async function send(url: string, ...lines: readonly string[]): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(`${lines.join('\r\n')}\r\nhost: a\r\nconnection: close\r\n\r\n`)
  let reply = ''
  for await (const chunk of socket) reply += String(chunk)
  return reply
}
const statusOf = (reply: string): string => reply.split(' ')[1] ?? ''

it('an address with a fragment is refused', async () => {
  const service = await startService()
  for (const path of ['/metrics#x', '/admin/#x', '/healthz#', '/auth/queryUserNow#', '/v1/users#'])
    expect(statusOf(await send(service.url(), `GET ${path} HTTP/1.1`)), path).toBe('400')
})

it('an escaped letter makes no address of /v1, and the refusal is a problem', async () => {
  const service = await startService()
  const { key } = await createKey(service)
  const { user } = await register(service, 'ming', 'ming')
  const authorization = `authorization: Bearer ${key}`
  const get = (path: string) =>
    send(service.url(), `GET ${path}/users/${user.id} HTTP/1.1`, authorization)
  expect(statusOf(await get('/v1'))).toBe('200')
  for (const path of ['/%76%31', '/%761', '/v%31']) {
    const reply = await get(path)
    expect(statusOf(reply), path).toBe('404')
    expect(reply).toContain('application/problem+json')
  }
})

it('two Authorization headers count as none, for tokens and for keys', async () => {
  const service = await startWithAdministrator()
  const { key } = await createKey(service)
  const { user, tokens } = await register(service, 'ming', 'ming')
  const calls = [
    ['/trpc/me', tokens.accessToken],
    ['/auth/queryUserNow', tokens.accessToken],
    [`/v1/users/${user.id}`, key],
  ] as const
  for (const [path, token] of calls) {
    const get = (...headers: string[]) => send(service.url(), `GET ${path} HTTP/1.1`, ...headers)
    const header = `Authorization: Bearer ${token}`
    expect(statusOf(await get(header)), path).toBe('200')
    for (const other of [header, 'AUTHORIZATION: Bearer x', 'authorization:'])
      for (const headers of [
        [header, other],
        [other, header],
      ])
        expect(statusOf(await get(...headers)), `${path} ${other}`).toBe('401')
  }
})
