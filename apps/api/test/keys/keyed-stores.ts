import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, onTestFinished } from 'vitest'
import { type Database, openDatabase } from '../../src/store/sqlite/index.ts'
import { createPhoneSealer } from '../../src/tokens/phone-sealer.ts'
import { createRootKey, type RootKey } from '../../src/tokens/root-key.ts'
import { createSessionKeyVault } from '../../src/tokens/session-key-vault.ts'
import { storeOf } from '../database.ts'
import { migrations } from '../store/earlier-migrations.ts'

const secretOf = (fill: number) => new Uint8Array(32).fill(fill)
export const now = 1_800_000_000_000
export const hour = 3_600_000
export const phone = '13912345678'
export const rules = { appIds: ['wx1'], phoneTrust: hour, now }

export let file = ''
export let keys: { onlyOld: RootKey; oldFirst: RootKey; newFirst: RootKey; onlyNew: RootKey }
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-keys-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  file = join(folder, 'test.db')
  const [a, b] = [secretOf(1), secretOf(2)]
  keys = {
    onlyOld: createRootKey(a),
    oldFirst: createRootKey(a, b),
    newFirst: createRootKey(b, a),
    onlyNew: createRootKey(b),
  }
})

/** The stores of a process with this SECRET_KEY. */
export function open(root: RootKey) {
  const database = openDatabase(file, migrations, createPhoneSealer(root))
  onTestFinished(() => database.close())
  return {
    ...storeOf(database, root),
    database,
    vault: createSessionKeyVault(root),
  }
}

export const sessionOf = (id: string) => ({
  id: `session of ${id}`,
  secret: 'secret',
  appId: 'wx1',
  device: null,
  createdAt: now,
  expiresAt: now + hour,
})

export function bindPhone({ identities, vault }: ReturnType<typeof open>, id: string) {
  const owner = { appId: 'wx1', openid: `openid of ${id}` }
  const identity = { ...owner, unionid: null, key: vault.seal(owner, `session key of ${id}`) }
  const user = { id, account: null, accountKey: null, passwordHash: null, createdAt: now }
  const claim = { identity, ticketHash: null }
  return identities.bindPhone({ claim, phone, proof: 'proof', user, session: sessionOf(id), rules })
}

export const rowsOf = ({ sqlite }: Database) =>
  sqlite
    .prepare('select id, phone_key as key, sealed_phone as sealed from users order by id')
    .all() as {
    id: string
    key: string | null
    sealed: string | null
  }[]
