import { maxWebhookUrlLength } from '@mianmi/core'
import { expect, it } from 'vitest'
import { parseWebhookUrl } from './webhook-url.ts'

it.each([
  'https://example.com/hook?tenant=1',
  'http://example.com',
  'https://example.com:8443/',
  'https://example.com:1024/',
  'https://例子.中国/钩子',
  'https://[2606:4700::1111]/',
])('%s may be the address of a webhook', (url) => {
  expect(parseWebhookUrl(url)?.href).toBe(new URL(url).href)
})

it.each([
  'ftp://example.com/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'https://user@example.com/',
  'https://user:password@example.com/',
  'https://example.com/#fragment',
  'https://example.com:22/',
  'https://example.com:1023/',
  'https://example.com:0/',
  'https://example.com:6667/',
  'https://example.com:65536/',
  'https://',
  'http:8.8.8.8',
  'http:\\\\8.8.8.8\\x',
  ' https://example.com/',
  'https://example.com/a\nwebhook-fake',
  'https://example.com/\u001b[31m',
  'https://example.com/\u202e',
  'example.com',
  '/hook',
  '',
])('%s may not', (url) => {
  expect(parseWebhookUrl(url)).toBeNull()
})

it.each(['http://2130706433/', 'http://0x7f000001/', 'http://0177.0.0.1/', 'http://127.1/'])(
  '%s is read as 127.0.0.1',
  (url) => {
    expect(parseWebhookUrl(url)?.hostname).toBe('127.0.0.1')
  },
)

it('an address has an upper limit', () => {
  const url = (length: number): string => 'https://example.com/'.padEnd(length, 'a')
  expect(parseWebhookUrl(url(maxWebhookUrlLength))).not.toBeNull()
  expect(parseWebhookUrl(url(maxWebhookUrlLength + 1))).toBeNull()
})
