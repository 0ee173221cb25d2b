import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { findSecrets } from './secret-search.ts'

const phone = '13912345678'
const sessionKey = Buffer.from('a session key of 24 char').toString('base64')

const find = (secret: string, text: string) => findSecrets([['file', text]], [['secret', secret]])

describe('the search for secrets', () => {
  it.each([
    ['the text', phone],
    ['hex', Buffer.from(phone).toString('hex')],
    ['upper-case hex', Buffer.from(phone).toString('hex').toUpperCase()],
    ['UTF-16', Buffer.from(phone, 'utf16le').toString('latin1')],
    ['reversed text', [...phone].reverse().join('')],
    ['base64', Buffer.from(phone).toString('base64')],
    ['base64 of a longer text', Buffer.from(`+${phone}!`).toString('base64')],
    ['base64 of an even longer text', Buffer.from(`86${phone}.`).toString('base64')],
    ['base64url', Buffer.from(`"phone":"${phone}"`).toString('base64url')],
  ])('finds a phone number as %s', (_encoding, stored) => {
    expect(find(phone, `before ${stored} after`)).not.toEqual([])
  })

  it('finds a phone number in an INTEGER column', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mianmi-secrets-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const file = join(folder, 'test.db')
    const database = new Sqlite(file)
    database.exec('create table users (phone integer)')
    database.prepare('insert into users values (?)').run(Number(phone))
    database.close()
    expect(find(phone, readFileSync(file, 'latin1'))).toEqual(['secret (SQLite integer) in file'])
  })

  it('finds a base64 session key as it is, decoded, and encoded again', () => {
    const bytes = Buffer.from(sessionKey, 'base64')
    for (const stored of [
      sessionKey,
      sessionKey.replaceAll('+', '-').replaceAll('=', ''),
      bytes.toString('latin1'),
      bytes.toString('hex'),
      Buffer.from(sessionKey).toString('base64'),
      Buffer.from(sessionKey).toString('base64url'),
    ])
      expect(find(sessionKey, stored), stored).not.toEqual([])
  })

  it('finds nothing in a text without the secret', () => {
    expect(find(phone, '13912345679 139****5678')).toEqual([])
    expect(find(sessionKey, Buffer.from('another text of no value').toString('base64'))).toEqual([])
  })
})
