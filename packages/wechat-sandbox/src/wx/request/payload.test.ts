import { expect, test } from 'vitest'
import { buildPayload } from './payload.ts'

const referer = 'https://servicewechat.com/wx1/0/page-frame.html'
const url = 'http://service/path'

test('data of a GET becomes the query string', () => {
  const data = { a: 1, 'b c': '小明&', list: [1, 2], gone: undefined }
  const query = 'a=1&b%20c=%E5%B0%8F%E6%98%8E%26&list=%5B1%2C2%5D'
  expect(buildPayload({ url, data }, referer)).toMatchObject({
    url: `${url}?${query}`,
    method: 'GET',
    body: undefined,
  })
})

test('data is appended to an existing query, before the fragment', () => {
  const payload = buildPayload({ url: `${url}?x=1#end`, data: { a: 1 } }, referer)
  expect(payload.url).toBe(`${url}?x=1&a=1#end`)
})

test('data of a POST becomes JSON, and the content type is JSON by default', () => {
  const payload = buildPayload({ url, method: 'POST', data: { a: [1] } }, referer)
  expect(payload.body).toBe('{"a":[1]}')
  expect(payload.headers.get('content-type')).toBe('application/json')
})

test('data with a form content type is form-encoded', () => {
  const header = { 'Content-Type': 'application/x-www-form-urlencoded' }
  const payload = buildPayload({ url, method: 'POST', data: { a: 1, b: 'x y' }, header }, referer)
  expect(payload.body).toBe('a=1&b=x%20y')
  expect(payload.headers.get('content-type')).toBe('application/x-www-form-urlencoded')
})

test('strings and bytes are sent unchanged', () => {
  const bytes = new ArrayBuffer(2)
  expect(buildPayload({ url, method: 'PUT', data: '{"a":1}' }, referer).body).toBe('{"a":1}')
  expect(buildPayload({ url, method: 'PUT', data: bytes }, referer).body).toBe(bytes)
})

test("the Referer is WeChat's even if the options set another one", () => {
  const payload = buildPayload({ url, header: { Referer: 'http://mine', 'X-A': 1 } }, referer)
  expect(payload.headers.get('referer')).toBe(referer)
  expect(payload.headers.get('x-a')).toBe('1')
})

test.each(['PATCH', 'patch', 'FETCH'])('the method %s is refused', (method) => {
  expect(() => buildPayload({ url, method }, referer)).toThrow(/^invalid method/)
})

test.each(['/trpc/me', 'ftp://x', '', 'http://'])('the url "%s" is invalid', (bad) => {
  expect(() => buildPayload({ url: bad }, referer)).toThrow(`invalid url "${bad}"`)
})

test('data of a HEAD becomes the query string', () => {
  expect(buildPayload({ url, method: 'head', data: { a: 1 } }, referer)).toMatchObject({
    url: `${url}?a=1`,
    method: 'HEAD',
    body: undefined,
  })
})

test.each(['OPTIONS', 'POST', 'PUT', 'DELETE', 'TRACE', 'CONNECT'])('%s has a body', (method) => {
  expect(buildPayload({ url, method, data: { a: 1 } }, referer).body).toBe('{"a":1}')
  expect(buildPayload({ url, method }, referer).body).toBe('')
})

test('headers that are undefined or null are not sent', () => {
  const header = { 'X-A': undefined, 'X-B': null, 'X-C': 0 }
  const { headers } = buildPayload({ url, header }, referer)
  expect([headers.get('x-a'), headers.get('x-b'), headers.get('x-c')]).toEqual([null, null, '0'])
})

test('an invalid URL fails with 600009', () => {
  const failure = expect.objectContaining({ errno: 600009 })
  expect(() => buildPayload({ url: '/trpc' }, referer)).toThrow(failure)
})
