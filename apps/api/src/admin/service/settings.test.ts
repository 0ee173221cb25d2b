import { readdirSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readConfig } from '../../config/config.ts'
import { listSettings } from './settings.ts'

const secrets = {
  WECHAT_APPS: 'wx0000000000000001:app-secret-1',
  SECRET_KEY: Buffer.alloc(32, 'secret key 7').toString('base64'),
  ADMIN_PASSWORD: 'administrator-secret-1',
}
const env = { ...secrets, ADMIN_ACCOUNT: 'ops', ACCESS_TOKEN_TTL: '60', TRUST_PROXY: ' ' }
const settings = listSettings(readConfig(env))
const setting = (name: string) => settings.find((each) => each.name === name)

it('every variable that the configuration reads is shown, and nothing else', () => {
  const folder = new URL('../../config/', import.meta.url)
  const files = readdirSync(folder).filter((name) => !name.endsWith('.test.ts'))
  const source = files.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n')
  const read = source.match(/(?<=')(?:[A-Z]+_[A-Z_]+|HOST|PORT|ISSUER)(?=')/g) ?? []
  expect(settings.map(({ name }) => name).sort()).toEqual([...new Set(read)].sort())
})

it('no secret is in it', () => {
  for (const [name, value] of Object.entries(secrets)) {
    expect(setting(name)).toEqual({ name, value: null, secret: true, isDefault: false })
    for (const part of value.split(':')) expect(JSON.stringify(settings)).not.toContain(part)
  }
})

it('the address of a PostgreSQL database is shown without its password', () => {
  const DATABASE_URL = 'postgres://mianmi:database-secret-1@db.example,db2.example/mianmi?pool=4'
  const config = readConfig({ ...env, DATABASE_URL, ISSUER: 'https://id.example' })
  const shown = listSettings(config).find(({ name }) => name === 'DATABASE_URL')
  expect(shown?.value).toBe('postgres://mianmi@db.example,db2.example/mianmi?pool=4')
  expect(JSON.stringify(listSettings(config))).not.toContain('database-secret-1')
})

it('a value is shown as it would be set, with whether it was set', () => {
  const shown = { name: 'ACCESS_TOKEN_TTL', value: '60', secret: false, isDefault: false }
  expect(setting('ACCESS_TOKEN_TTL')).toEqual(shown)
  expect(setting('REFRESH_TOKEN_TTL')).toMatchObject({ value: '2592000', isDefault: true })
  expect(setting('TRUST_PROXY')).toMatchObject({ value: null, isDefault: true })
  expect(setting('SIGN_UP')).toMatchObject({ value: 'bind', isDefault: true })
})
