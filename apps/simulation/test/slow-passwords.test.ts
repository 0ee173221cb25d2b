import { expect, it } from 'vitest'
import { createModel, newUser } from '../src/oracle/model.ts'
import type { Snapshot } from '../src/slow/database/database.ts'
import { createPasswordHashes } from '../src/slow/judge/rows.ts'

const snapshotOf = (password_hash: string): Snapshot =>
  ({ users: [{ id: 'u1', role: 'user', password_hash }] }) as unknown as Snapshot

function setUp() {
  const model = createModel()
  const user = newUser({ id: 'u1', account: 'ming', passwordHash: 'hash of one' })
  model.users.set('u1', user)
  const hashes = createPasswordHashes(model)
  hashes.keep(snapshotOf('$argon2id$1'))
  return { hashes, user }
}

it('takes a hash that is seen first for the password that was set', () => {
  expect(setUp().hashes.nameOf('u1', '$argon2id$1')).toBe('hash of one')
})

it('names a hash that is new although no password was set', () => {
  expect(setUp().hashes.nameOf('u1', '$argon2id$2')).toBe('a password that was not set')
})

it('knows an older hash again, which is then not the one that was set', () => {
  const { hashes, user } = setUp()
  user.passwordHash = 'hash of two'
  hashes.changed('u1')
  expect(hashes.nameOf('u1', '$argon2id$2')).toBe('hash of two')
  expect(hashes.nameOf('u1', '$argon2id$1')).toBe('hash of one')
})
