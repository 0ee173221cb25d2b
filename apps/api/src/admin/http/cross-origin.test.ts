import { expect, it } from 'vitest'
import { isCrossOrigin } from './cross-origin.ts'

const issuer = 'https://id.example'
const from = (headers: Record<string, string>, method = 'POST') =>
  isCrossOrigin({ headers: { host: 'console.example:8443', ...headers }, method }, issuer)

it('a page of the requested host has the same origin, behind any protocol of its proxy', () => {
  expect(from({ origin: 'https://console.example:8443' })).toBe(false)
  expect(from({ origin: 'http://console.example:8443' })).toBe(false)
})

it('a page at the address of the issuer has the same origin', () => {
  expect(from({ origin: 'https://id.example' })).toBe(false)
  expect(from({ origin: 'http://id.example' })).toBe(true)
})

it.each([
  'https://console.example',
  'https://evil.example',
  'https://console.example:8443.evil.example',
  'https://evil.console.example:8443',
  'https://example:8443',
  'https://onsole.example:8443',
  'null',
  '',
  'file://console.example:8443',
])('a page of "%s" is foreign', (origin) => {
  expect(from({ origin })).toBe(true)
  expect(from({ origin }, 'GET')).toBe(true)
  // Whatever else it says of itself.
  expect(from({ origin, 'sec-fetch-site': 'same-origin' })).toBe(true)
})

it('without Origin a change needs Sec-Fetch-Site: same-origin', () => {
  expect(from({})).toBe(true)
  expect(from({ 'sec-fetch-site': 'none' })).toBe(true)
  expect(from({ 'sec-fetch-site': 'same-site' })).toBe(true)
  expect(from({ 'sec-fetch-site': 'same-origin' })).toBe(false)
})

it('without Origin a read is accepted, unless Sec-Fetch-Site names another site', () => {
  expect(from({}, 'GET')).toBe(false)
  expect(from({ 'sec-fetch-site': 'none' }, 'GET')).toBe(false)
  expect(from({ 'sec-fetch-site': 'same-origin' }, 'GET')).toBe(false)
  expect(from({ 'sec-fetch-site': 'same-site' }, 'GET')).toBe(true)
  expect(from({ 'sec-fetch-site': 'cross-site' }, 'GET')).toBe(true)
})
