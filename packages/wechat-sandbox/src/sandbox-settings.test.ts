import { expect, test } from 'vitest'
import { readSettings } from './sandbox-settings.ts'

test('every variable has a default', () => {
  expect(readSettings({})).toEqual({ host: '127.0.0.1', port: 3101, apps: undefined })
})

test('reads host, port and apps, with secrets that hold colons', () => {
  const env = {
    SANDBOX_HOST: '::1',
    SANDBOX_PORT: '0',
    SANDBOX_APPS: 'wx6d69616e6d690001:one, wx6d69616e6d690002:t:w:o',
  }
  expect(readSettings(env)).toEqual({
    host: '::1',
    port: 0,
    apps: { wx6d69616e6d690001: 'one', wx6d69616e6d690002: 't:w:o' },
  })
})

test.each(['-1', '70000', 'http', '3.5', '0x10'])(
  'SANDBOX_PORT=%s is refused and the message names the variable',
  (port) => {
    expect(() => readSettings({ SANDBOX_PORT: port })).toThrow('SANDBOX_PORT')
  },
)

test.each([
  'wx6d69616e6d690001',
  'wx6d69616e6d690001:',
  'gibberish:hidden',
  'wx6d69616e6d690001:hidden,',
  'wx6d69616e6d690001:hidden,wx6d69616e6d690001:hidden',
])('SANDBOX_APPS=%s is refused and the message does not contain the secret', (apps) => {
  expect(() => readSettings({ SANDBOX_APPS: apps })).toThrow(/^SANDBOX_APPS: (?!.*hidden)/)
})
