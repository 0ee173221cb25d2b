import { expect, it } from 'vitest'
import { createWebhookUrls } from './webhook-urls.ts'

const urls = createWebhookUrls([])

it.each(['https://8.8.8.8/hook', 'http://[2606:4700::1111]:8080/hook'])(
  '%s may be stored',
  async (url) => {
    expect(await urls.check(url)).toBe('ok')
  },
)

it.each([
  'http://localhost/hook',
  'http://127.0.0.1:8080/',
  'http://2130706433/',
  'http://0x7f.1/',
  'http://017700000001/',
  'http://[::1]/',
  'http://[::ffff:7f00:1]/',
  'http://[::ffff:169.254.169.254]/latest/meta-data/',
  'http://[64:ff9b::10.0.0.1]/',
  'http://[::8.8.8.8]/',
  'http://169.254.169.254/',
  'http://0/',
  'https://10.0.0.1/',
])('%s leads to an address that is not public', async (url) => {
  expect(await urls.check(url)).toBe('forbidden_address')
})

it('what WEBHOOK_ALLOW lists may be stored', async () => {
  const allowing = createWebhookUrls(['127.0.0.0/8', '::1'])
  for (const url of ['http://127.0.0.1:8080/', 'http://localhost:8080/'])
    expect(await allowing.check(url)).toBe('ok')
  expect(await allowing.check('http://10.0.0.1/')).toBe('forbidden_address')
})

it('a name that no resolver knows', async () => {
  expect(await urls.check('https://receiver.invalid/')).toBe('unresolvable')
})

it('what is no address of a receiver', async () => {
  expect(await urls.check('https://user:password@8.8.8.8/')).toBe('invalid')
})
