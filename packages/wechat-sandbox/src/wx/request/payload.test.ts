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
