import { expect, test } from 'vitest'
import { readSettings } from './playground-settings.ts'

test('every variable has a default for development', () => {
  expect(readSettings({})).toMatchObject({
    host: '127.0.0.1',
    port: 3100,
    serviceUrl: new URL('http://127.0.0.1:3000'),
    sandboxUrl: new URL('http://127.0.0.1:3101'),
    builtServiceUrl: 'http://127.0.0.1:3000',
    appIds: ['wx6d69616e6d690001', 'wx6d69616e6d690002'],
    miniProgram: undefined,
    demo: undefined,
  })
})

test('ports from 0 to 65535 are valid', () => {
  expect(readSettings({ PLAYGROUND_PORT: '0' }).port).toBe(0)
  expect(readSettings({ PLAYGROUND_PORT: '65535' }).port).toBe(65_535)
})

test('appids are listed once, in order', () => {
  expect(readSettings({ MINIPROGRAM_APPID: 'wx2,wx1,wx2' }).appIds).toEqual(['wx2', 'wx1'])
})

test('a demo account has both parts', () => {
  const env = { DEMO_ACCOUNT: 'demo', DEMO_PASSWORD: 'secret' }
  expect(readSettings(env).demo).toEqual({ account: 'demo', password: 'secret' })
})

test('the built-in service address has no trailing slash', () => {
  const { builtServiceUrl } = readSettings({ MIANMI_SERVICE_URL: 'https://api.example.com/v1/' })
  expect(builtServiceUrl).toBe('https://api.example.com/v1')
})

test.each([
  ['PLAYGROUND_PORT', '31o0'],
  ['PLAYGROUND_PORT', '65536'],
  ['PLAYGROUND_HOST', 'a b'],
  ['SERVICE_URL', 'ftp://127.0.0.1'],
  ['SERVICE_URL', '127.0.0.1:3000'],
  ['SANDBOX_URL', 'http://user:pass@127.0.0.1'],
  ['SANDBOX_URL', 'http://:pass@127.0.0.1'],
  ['SERVICE_URL', 'http://127.0.0.1/#a'],
  ['MIANMI_SERVICE_URL', 'http://127.0.0.1/?a=1'],
  ['MINIPROGRAM_APPID', 'wx 1'],
  ['MINIPROGRAM_APPID', 'w'.repeat(65)],
  ['MINIPROGRAM_APPID', 'wx1,,wx2'],
])('a bad %s is refused and the message names the variable', (name, value) => {
  expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^${name}: `))
})

test('a demo account without a password or name is refused without showing the password', () => {
  expect(() => readSettings({ DEMO_PASSWORD: 'hunter2hunter2' })).toThrow(/^DEMO_ACCOUNT: [^2]*$/)
  expect(() => readSettings({ DEMO_ACCOUNT: 'demo' })).toThrow(/^DEMO_PASSWORD: /)
})
