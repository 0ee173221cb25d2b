import type { IncomingMessage } from 'node:http'
import { expect, test } from 'vitest'
import { originRefusal } from './check-origin.ts'

const request = (
  headers: Record<string, string>,
  { localAddress = '127.0.0.1', url = '/' } = {},
): IncomingMessage => ({ headers, url, socket: { localAddress } }) as unknown as IncomingMessage

test.each([
  ['127.0.0.1:3100', '127.0.0.1', '127.0.0.1'],
  ['localhost:3100', '127.0.0.1', '127.0.0.1'],
  ['LOCALHOST', '127.0.0.1', '127.0.0.1'],
  ['[::1]:3100', '::1', '::1'],
  ['192.168.0.7:3100', '0.0.0.0', '192.168.0.7'],
  ['127.0.0.1:3100', '::', '::ffff:127.0.0.1'],
  ['phone.lan:3100', 'phone.lan', '192.168.0.7'],
])('the host %s is accepted on %s at the address %s', (host, listensOn, localAddress) => {
  expect(originRefusal(request({ host }, { localAddress }), listensOn)).toBe(undefined)
})

test.each(['evil.example', 'evil.example:3100', '127.0.0.1.evil.example', '127.0.0.2:3100', ''])(
  'the host "%s" is refused',
  (host) => {
    expect(originRefusal(request({ host }), '127.0.0.1')).toBe(
      `"${host}" is not an address of this playground`,
    )
  },
)

const host = '127.0.0.1:3100'

test.each([
  [{ origin: 'http://127.0.0.1:3100' }, true],
  [{ origin: 'https://127.0.0.1:3100' }, false],
  [{ origin: 'http://127.0.0.1' }, false],
  [{ origin: 'http://evil.example/?127.0.0.1:3100' }, false],
  [{ origin: 'null' }, false],
  [{ 'sec-fetch-site': 'same-origin' }, true],
  [{ 'sec-fetch-site': 'none' }, true],
  [{ 'sec-fetch-site': 'same-site' }, false],
  [{ 'sec-fetch-site': 'cross-site' }, false],
  [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, true],
  [{ 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'cors' }, false],
])('a request with %o is accepted: %s', (headers, accepted) => {
  const reason = originRefusal(request({ host, ...headers }), '127.0.0.1')
  expect(reason).toBe(accepted ? undefined : 'requests of other pages are refused')
})

test('a link from another site may open the page only, not its data', () => {
  const headers = { host, 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }
  for (const url of ['/config.json', '/service/trpc/me', '/?x']) {
    expect(originRefusal(request(headers, { url }), '127.0.0.1')).not.toBe(undefined)
  }
})
