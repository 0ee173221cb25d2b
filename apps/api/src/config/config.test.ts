import { describe, expect, it } from 'vitest'
import { readConfig } from './config.ts'
import { ConfigError, type Env } from './env.ts'

const secret = 'do-not-print-me'
const env: Env = {
  WECHAT_APPS: `wx0000000000000001:${secret}`,
  SECRET_KEY: Buffer.alloc(32, 'secret key 7').toString('base64'),
}

/** The message that a bad environment is refused with. */
function refusal(change: Env): string {
  try {
    readConfig({ ...env, ...change })
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('the environment was accepted')
}

describe('readConfig', () => {
  it('fills in the documented defaults', () => {
    const { secretKeys, wechatApps, isSet, ...defaults } = readConfig(env)
    expect(defaults).toEqual({
      host: '127.0.0.1',
      port: 3000,
      databaseUrl: 'file:.data/mianmi.db',
      wechatAppNames: {},
      wechatApiUrl: undefined,
      signUp: 'bind',
      accessTokenTtl: 15 * 60_000,
      refreshTokenTtl: 30 * 24 * 3_600_000,
      ticketTtl: 5 * 60_000,
      phoneTrust: 90 * 86_400_000,
      issuer: 'http://127.0.0.1:3000',
      rateLimitFactor: 1,
      exposeOpenid: false,
      externalIdClaim: false,
      trustProxy: [],
      tracing: null,
      webhookAllow: [],
      allowedOrigins: [],
      firstAdministrator: null,
      logLevel: 'info',
      shedLoadAfter: 500,
    })
    expect([secretKeys[0].length, Object.keys(wechatApps)]).toEqual([32, ['wx0000000000000001']])
    expect([isSet('SECRET_KEY'), isSet('PORT')]).toEqual([true, false])
  })

  it('makes no administrator unless one is named', () => {
    expect(readConfig(env).firstAdministrator).toBeNull()
    const admin = { ADMIN_ACCOUNT: ' ops ', ADMIN_PASSWORD: ' with spaces ' }
    expect(readConfig({ ...env, ...admin }).firstAdministrator).toEqual({
      account: 'ops',
      password: ' with spaces ',
    })
  })

  it.each([
    ['ADMIN_PASSWORD', { ADMIN_ACCOUNT: 'ops' }],
    ['ADMIN_ACCOUNT', { ADMIN_PASSWORD: secret }],
    ['ADMIN_ACCOUNT', { ADMIN_ACCOUNT: 'no spaces', ADMIN_PASSWORD: secret }],
    ['ADMIN_PASSWORD', { ADMIN_ACCOUNT: 'ops', ADMIN_PASSWORD: 'short' }],
    ['ADMIN_PASSWORD', { ADMIN_ACCOUNT: 'ops', ADMIN_PASSWORD: 'x'.repeat(129) }],
  ])(
    'refuses a first administrator whose %s is missing or invalid, without its value',
    (name, change) => {
      expect(refusal(change)).toMatch(new RegExp(`^${name} `))
      for (const value of Object.values(change)) expect(refusal(change)).not.toContain(` ${value}`)
    },
  )

  it('reads several apps, with spaces around them', () => {
    const { wechatApps } = readConfig({ ...env, WECHAT_APPS: ' wxa:one , wxb:two ' })
    expect({ ...wechatApps }).toEqual({ wxa: 'one', wxb: 'two' })
  })

  it('reads names of apps, in which only the first colon separates', () => {
    const { wechatAppNames } = readConfig({
      ...env,
      WECHAT_APP_NAMES: ` wx0000000000000001 : 店铺: A `,
    })
    expect({ ...wechatAppNames }).toEqual({ wx0000000000000001: '店铺: A' })
    expect({ ...readConfig(env).wechatAppNames }).toEqual({})
    const longest = 'x'.repeat(30)
    const atLimit = { ...env, WECHAT_APP_NAMES: `wx0000000000000001:${longest}` }
    expect(readConfig(atLimit).wechatAppNames['wx0000000000000001']).toBe(longest)
  })

  it.each([
    ['wx1', 'entry 1 of WECHAT_APP_NAMES is not of the form appid:name'],
    [':name', 'entry 1 of WECHAT_APP_NAMES is not of the form appid:name'],
    ['wx0000000000000001:', 'entry 1 of WECHAT_APP_NAMES is not of the form appid:name'],
    [
      'wx0000000000000001:a,wx2:b',
      'entry 2 of WECHAT_APP_NAMES names an appid that WECHAT_APPS lacks',
    ],
    ['wx0000000000000001:a,wx0000000000000001:b', 'entry 2 of WECHAT_APP_NAMES repeats the appid'],
    [`wx0000000000000001:${'x'.repeat(31)}`, 'at most 30 characters'],
    ['wx0000000000000001:a\u0007b', 'without control characters'],
  ])('refuses the names %j', (WECHAT_APP_NAMES, message) => {
    expect(refusal({ WECHAT_APP_NAMES })).toContain(message)
  })

  it('takes any positive number of seconds', () => {
    expect(readConfig({ ...env, ACCESS_TOKEN_TTL: '0.25' }).accessTokenTtl).toBe(250)
    expect(readConfig({ ...env, TICKET_TTL: '86400' }).ticketTtl).toBe(86_400_000)
    expect(readConfig({ ...env, PHONE_TRUST_DAYS: '30' }).phoneTrust).toBe(30 * 86_400_000)
    expect(readConfig({ ...env, PHONE_TRUST_DAYS: '0' }).phoneTrust).toBe(0)
  })

  it('traces every request where a collector is set, or the share that is asked for', () => {
    expect(readConfig(env).tracing).toBeNull()
    const OTEL_EXPORTER_OTLP_ENDPOINT = 'https://collector.example:4318/otlp'
    const tracing = { endpoint: OTEL_EXPORTER_OTLP_ENDPOINT, serviceName: 'mianmi', ratio: 1 }
    expect(readConfig({ ...env, OTEL_EXPORTER_OTLP_ENDPOINT }).tracing).toEqual(tracing)
    const others = { OTEL_TRACES_SAMPLER_ARG: '0.05', OTEL_SERVICE_NAME: 'sign-in' }
    expect(readConfig({ ...env, OTEL_EXPORTER_OTLP_ENDPOINT, ...others }).tracing).toEqual({
      ...tracing,
      serviceName: 'sign-in',
      ratio: 0.05,
    })
  })

  it('reads the ranges that webhooks may call, with spaces around them', () => {
    expect(readConfig(env).webhookAllow).toEqual([])
    const { webhookAllow } = readConfig({ ...env, WEBHOOK_ALLOW: ' 10.0.0.0/8 , ::1, fd00::/8' })
    expect(webhookAllow).toEqual(['10.0.0.0/8', '::1', 'fd00::/8'])
  })

  it('reads several keys, with spaces around them, and keeps their order', () => {
    const keys = ['new', 'old', 'older'].map((name) => Buffer.alloc(33, name))
    const SECRET_KEY = keys.map((key) => ` ${key.toString('base64url')} `).join(',')
    expect(readConfig({ ...env, SECRET_KEY }).secretKeys).toEqual(keys)
  })

  it.each([
    ['an empty key', ['ab', ''], 'key 2 of SECRET_KEY is empty'],
    ['an empty key at the end', ['ab', 'cd', ''], 'key 3 of SECRET_KEY is empty'],
    ['an empty key in front', ['', 'ab'], 'key 1 of SECRET_KEY is empty'],
    ['a key of equal bytes', ['ab', 'cd', '\0'], 'key 3 of SECRET_KEY has equal bytes'],
    ['one key of equal bytes', ['\xff'], 'key 1 of SECRET_KEY has equal bytes'],
    ['a repeated key', ['ab', 'cd', 'ab'], 'key 3 of SECRET_KEY repeats key 1'],
  ])('refuses %s by its position, without any value', (_what, fills, message) => {
    const texts = fills.map((fill) =>
      fill === '' ? '' : Buffer.alloc(32, fill, 'latin1').toString('base64'),
    )
    const refused = refusal({ SECRET_KEY: texts.join(',') })
    expect(refused).toContain(message)
    for (const text of texts) if (text !== '') expect(refused).not.toContain(text)
  })

  it('refuses the same key in another spelling', () => {
    const key = Buffer.alloc(32, '\xfb\xff', 'latin1')
    const SECRET_KEY = `${key.toString('base64')},${key.toString('base64url')}`
    expect(refusal({ SECRET_KEY })).toBe('key 2 of SECRET_KEY repeats key 1')
  })

  it.each([
    ['PORT', 'http'],
    ['PORT', '65536'],
    ['PORT', '-1'],
    ['DATABASE_URL', 'mysql://x'],
    ['DATABASE_URL', 'file:'],
    ['WECHAT_APPS', ''],
    ['WECHAT_APPS', 'wx1'],
    ['WECHAT_APPS', 'wx1:'],
    ['WECHAT_APPS', `:${secret}`],
    ['WECHAT_APPS', `wx1:${secret},`],
    ['WECHAT_APPS', `wx1:${secret}:x`],
    ['WECHAT_APPS', `wx1:${secret},wx1:${secret}`],
    ['WECHAT_APPS', `w x:${secret}`],
    ['WECHAT_API_URL', 'api.weixin.qq.com'],
    ['WECHAT_API_URL', 'http://example.com'],
    ['WECHAT_API_URL', 'ftp://127.0.0.1'],
    ['WECHAT_API_URL', 'https://user:pw@wechat.example'],
    ['WECHAT_API_URL', 'https://wechat.example/?a=1'],
    ['WECHAT_API_URL', 'https://wechat.example/#a'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector.example/#a'],
    ['ISSUER', 'foo'],
    ['ISSUER', 'id.example'],
    ['ISSUER', '//id.example'],
    ['ISSUER', 'https:id.example'],
    ['ISSUER', 'https://'],
    ['ISSUER', 'https://:443'],
    ['ISSUER', 'https://id.example:99999'],
    ['ISSUER', 'ftp://id.example'],
    ['ISSUER', 'https://id.example?'],
    ['ISSUER', 'https://id.example/?a=b'],
    ['ISSUER', 'https://id.example/#'],
    ['ISSUER', 'https://id.exam\tple'],
    ['ISSUER', 'https:\\\\id.example'],
    ['ISSUER', `https://ops:${secret}@id.example`],
    ['SECRET_KEY', ''],
    ['SECRET_KEY', secret],
    ['SECRET_KEY', Buffer.alloc(31, 'ab').toString('base64')],
    ['SECRET_KEY', Buffer.alloc(32).toString('base64')],
    ['SECRET_KEY', `${env['SECRET_KEY']},${secret}`],
    ['SECRET_KEY', `${env['SECRET_KEY']};${secret}`],
    ['SECRET_KEY', ','],
    ['SIGN_UP', 'maybe'],
    ['ACCESS_TOKEN_TTL', '0'],
    ['ACCESS_TOKEN_TTL', '-5'],
    ['REFRESH_TOKEN_TTL', 'a month'],
    ['TICKET_TTL', '1e3'],
    ['TICKET_TTL', '99999999999999'],
    ['PHONE_TRUST_DAYS', '-1'],
    ['PHONE_TRUST_DAYS', 'never'],
    ['PHONE_TRUST_DAYS', '1000000'],
    ['TRUST_PROXY', '10.0.0.0/33'],
    ['TRUST_PROXY', 'yes'],
    ['TRUST_PROXY', 'fe80::1%eth0'],
    ['TRUST_PROXY', '0.0.0.0/0'],
    ['TRUST_PROXY', '::/0'],
    ['TRUST_PROXY', '127.0.0.1,10.0.0.0/00'],
    ['ALLOWED_ORIGINS', 'https://example.com/'],
    ['ALLOWED_ORIGINS', '*'],
    ['WEBHOOK_ALLOW', '10.0.0.0/33'],
    ['WEBHOOK_ALLOW', '10.0.0.0/8,'],
    ['WEBHOOK_ALLOW', 'receiver.internal'],
    ['LOG_LEVEL', 'loud'],
    ['RATE_LIMIT_FACTOR', '0'],
    ['RATE_LIMIT_FACTOR', 'many'],
    ['EXPOSE_OPENID', 'yes'],
    ['EXTERNAL_ID_CLAIM', 'yes'],
    ['SHED_LOAD_AFTER', '0'],
    ['SHED_LOAD_AFTER', '0.5'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', '127.0.0.1:4318'],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', `http://mianmi:${secret}@collector.example`],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', 'http://collector.example/?key=1'],
    ['OTEL_TRACES_SAMPLER_ARG', '0'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.1'],
    ['OTEL_TRACES_SAMPLER_ARG', 'always'],
    ['DATABASE_URL', 'file://host/mianmi.db'],
    ['DATABASE_URL', 'postgres:'],
    ['DATABASE_URL', `postgres://mianmi:${secret}@db.example`],
    ['DATABASE_URL', `postgres://mianmi:${secret}/@db.example/mianmi`],
    ['DATABASE_URL', `postgresql://mianmi:${secret}@db.example/mianmi?sslmode=${secret}`],
    ['DATABASE_URL', `postgres://mianmi:${secret}@db.example/mianmi?pool=0`],
    ['DATABASE_URL', `postgres://mianmi@db.example/mianmi?password=${secret}`],
    ['DATABASE_URL', `postgres://mianmi:${secret}%@db.example/mianmi`],
  ])('%s=%j is refused by name, in one line, without any secret', (name, value) => {
    const message = refusal({ [name]: value })
    expect(message).toContain(name)
    expect(message).not.toContain('\n')
    expect(message).not.toContain(secret)
  })

  it('with PostgreSQL wants an ISSUER, because an address of one node is not that of the service', () => {
    const DATABASE_URL = `postgres://mianmi:${secret}@db.example,db2.example:5433/mianmi?pool=4`
    expect(refusal({ DATABASE_URL })).toMatch(/^ISSUER is missing/)
    const ISSUER = 'https://id.example'
    expect(readConfig({ ...env, DATABASE_URL, ISSUER })).toMatchObject({
      databaseUrl: DATABASE_URL,
      issuer: ISSUER,
    })
  })

  it.each(['https://id.example', 'https://id.example/', 'HTTP://[::1]:3000/sign-in'])(
    'keeps the issuer %s as it is',
    (ISSUER) => {
      expect(readConfig({ ...env, ISSUER }).issuer).toBe(ISSUER)
    },
  )

  it('takes https anywhere and plain http on a loopback address', () => {
    for (const url of ['https://api.example', 'http://127.0.0.1:3101', 'http://[::1]:1'])
      expect(readConfig({ ...env, WECHAT_API_URL: url }).wechatApiUrl).toBe(url)
  })
})
