import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import type { Env } from './env.ts'
import { warningsOf } from './warnings.ts'

const env: Env = {
  WECHAT_APPS: 'wx0123456789abcdef:0123456789abcdef0123456789ABCDEF',
  SECRET_KEY: Buffer.alloc(32, 'secret key 7').toString('base64'),
  ISSUER: 'https://id.example',
}

const warningsFor = (change: Env): string[] => warningsOf(readConfig({ ...env, ...change }))

describe('warningsOf', () => {
  it.each([
    {},
    { ISSUER: 'https://id.example/' },
    { ISSUER: 'https://id.example/sign-in' },
    { ISSUER: 'https://id.example:8443' },
    { ACCESS_TOKEN_TTL: '86400', REFRESH_TOKEN_TTL: '86400', TICKET_TTL: '3600' },
    { RATE_LIMIT_FACTOR: '9.9', WEBHOOK_ALLOW: '10.0.0.0/8,::1', TRUST_PROXY: '10.0.0.0/8' },
  ])('says nothing of %j', (change) => {
    expect(warningsFor(change)).toEqual([])
  })

  it.each<[string, Env]>([
    ['ISSUER is not set', { ISSUER: undefined }],
    ['ISSUER http://id.example is no https', { ISSUER: 'http://id.example' }],
    ['usually written https://id.example;', { ISSUER: 'https://ID.example' }],
    ['usually written https://id.example/;', { ISSUER: 'https://id.example:443/' }],
    ['ACCESS_TOKEN_TTL is more than a day', { ACCESS_TOKEN_TTL: '86401' }],
    ['longer than REFRESH_TOKEN_TTL', { ACCESS_TOKEN_TTL: '61', REFRESH_TOKEN_TTL: '60' }],
    ['TICKET_TTL is more than an hour', { TICKET_TTL: '3601' }],
    ['RATE_LIMIT_FACTOR is 10', { RATE_LIMIT_FACTOR: '10' }],
    ['WEBHOOK_ALLOW contains', { WEBHOOK_ALLOW: '127.0.0.1,0.0.0.0/0' }],
    ['WEBHOOK_ALLOW contains', { WEBHOOK_ALLOW: '::/0' }],
    ['127.0.0.1:3101 is asked in place', { WECHAT_API_URL: 'http://127.0.0.1:3101' }],
    ['demo is no appid', { WECHAT_APPS: 'demo:0123456789abcdef0123456789abcdef' }],
    [
      'wx0123456789ABCDEF is no appid',
      { WECHAT_APPS: 'wx0123456789ABCDEF:0123456789abcdef0123456789abcdef' },
    ],
  ])('warns in one line: %s', (text, change) => {
    expect(warningsFor(change)).toEqual([expect.stringContaining(text)])
    expect(warningsFor(change)[0]).not.toContain('\n')
  })

  it('names neither part of an app whose secret stands before its appid', () => {
    const secret = '0123456789abcdef0123456789abcdef'
    for (const WECHAT_APPS of [
      `${secret}:wx0123456789abcdef`,
      `${secret}:x`,
      'x:wx0123456789abcdef',
    ]) {
      const warnings = warningsFor({ WECHAT_APPS: `wxfedcba9876543210:${secret},${WECHAT_APPS}` })
      expect(warnings).toEqual([expect.stringContaining('entry 2 seems to have the secret before')])
      expect(warnings.join()).not.toMatch(/0123456789abcdef/)
    }
  })

  it.each(['your-app-secret', '你的AppSecret', '0123456789abcdef0123456789abcdeg'])(
    'warns of the placeholder %s and does not print it',
    (secret) => {
      const [line = '', ...others] = warningsFor({ WECHAT_APPS: `wx0123456789abcdef:${secret}` })
      expect(others).toEqual([])
      expect(line).toContain('wx0123456789abcdef')
      expect(line).not.toContain(secret)
    },
  )
})
