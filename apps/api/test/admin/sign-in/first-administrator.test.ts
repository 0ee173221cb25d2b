import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  createAdministrator,
  resetSecondFactor,
  setPassword,
} from '../../../src/admin/command/administrators.ts'
import { enrolmentCodes } from '../../../src/admin/service/enrolment-codes.ts'
import { ensureFirstAdministrator } from '../../../src/admin/service/first-administrator.ts'
import { renewDevelopmentEnrolment } from '../../../src/development.ts'
import { createPasswords } from '../../../src/passwords/passwords.ts'
import { type Database, openDatabase } from '../../../src/store/sqlite/index.ts'
import type { AdministratorAccounts } from '../../../src/store/store.ts'
import { createOpaqueTokens } from '../../../src/tokens/opaque-tokens.ts'
import { createPhoneSealer } from '../../../src/tokens/phone-sealer.ts'
import { createRootKey } from '../../../src/tokens/root-key.ts'
import { storeOf } from '../../database.ts'
import { reasonOf } from '../../harness.ts'
import { admin, enrol, openBrowser, startWithAdministrator } from '../client.ts'

const root = createRootKey(new Uint8Array(32))
const migrations = fileURLToPath(new URL('../../../migrations/sqlite', import.meta.url))
const { newId } = createOpaqueTokens(root)
const tools = { passwords: createPasswords(), newId, now: Date.now }

/** One database file, opened as often as it takes. */
function openFiles(count = 1): Database[] {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-operator-'))
  const open = () => openDatabase(join(folder, 'test.db'), migrations, createPhoneSealer(root))
  const databases = Array.from({ length: count }, open)
  onTestFinished(() => {
    for (const database of databases) database.close()
    rmSync(folder, { recursive: true })
  })
  return databases
}

function openFile(): Database {
  const [database] = openFiles()
  if (database === undefined) throw new Error('no database')
  return database
}

const accountsOf = (database: Database): AdministratorAccounts =>
  storeOf(database).administratorAccounts

const people = ({ sqlite }: Database) =>
  sqlite.prepare('select account, role from users order by account').all()

describe('the first administrator', () => {
  it('is created once by concurrent starts', async () => {
    const databases = openFiles(8)
    await Promise.all(
      databases.map((database) => ensureFirstAdministrator(accountsOf(database), tools, admin)),
    )
    expect(people(databases[0] as Database)).toEqual([{ account: 'ops', role: 'admin' }])
  })

  it('is not created when there is an administrator, of any name', async () => {
    const database = openFile()
    await createAdministrator(accountsOf(database), tools, { ...admin, account: 'somebody' })
    await ensureFirstAdministrator(accountsOf(database), tools, admin)
    expect(people(database)).toEqual([{ account: 'somebody', role: 'admin' }])
  })

  it.each(['13800138000', 'оps-admin'])(
    'is not made with a name that no new user may have: %s',
    async (account) => {
      const database = openFile()
      const administrator = { ...admin, account }
      await expect(
        ensureFirstAdministrator(accountsOf(database), tools, administrator),
      ).rejects.toThrow('ADMIN_ACCOUNT must')
      expect(people(database)).toEqual([])
      // One of an earlier version keeps the name, and the service starts.
      await createAdministrator(accountsOf(database), tools, { ...admin, account: 'somebody' })
      expect(await ensureFirstAdministrator(accountsOf(database), tools, administrator)).toBeNull()
    },
  )

  it('does not take over the account of a user', async () => {
    const database = openFile()
    await createAdministrator(accountsOf(database), tools, admin)
    database.sqlite.exec("update users set role = 'user'")
    const again = ensureFirstAdministrator(accountsOf(database), tools, {
      ...admin,
      account: 'ＯＰＳ',
    })
    await expect(again).rejects.toThrow(/^ADMIN_ACCOUNT is the account of a user/)
    expect(people(database)).toEqual([{ account: 'ops', role: 'user' }])
  })

  it('gets no common password', async () => {
    const database = openFile()
    const made = ensureFirstAdministrator(accountsOf(database), tools, {
      ...admin,
      password: 'Password123',
    })
    await expect(made).rejects.toThrow(/^ADMIN_PASSWORD is among the most used/)
    expect(people(database)).toEqual([])
  })
})

describe('the enrolment code of a start in development', () => {
  const enrolmentCode = 'AAAA-AAAA-AAAA-AAAA'
  const storedCodes = ({ sqlite }: Database) =>
    sqlite.prepare('select hash from enrolment_codes').pluck().all()

  it('is shown and valid until the administrator has a second factor', async () => {
    const service = await startWithAdministrator()
    const database = service.database()
    const operator = { ...admin, enrolmentCode }
    expect(await renewDevelopmentEnrolment(accountsOf(database), operator)).toMatchObject({
      code: enrolmentCode,
    })
    expect(storedCodes(database)).toEqual([enrolmentCodes.hash(enrolmentCode)])
    await enrol(service, openBrowser(service), { enrolmentCode })
    expect(
      await renewDevelopmentEnrolment(service.store().administratorAccounts, operator),
    ).toBeNull()
    expect(storedCodes(service.database())).toEqual([])
  })

  it('is none for a user, and for an account that does not exist', async () => {
    const database = openFile()
    const operator = { ...admin, enrolmentCode }
    expect(await renewDevelopmentEnrolment(accountsOf(database), operator)).toBeNull()
    await createAdministrator(accountsOf(database), tools, admin)
    database.sqlite.exec("update users set role = 'user'; delete from enrolment_codes")
    expect(await renewDevelopmentEnrolment(accountsOf(database), operator)).toBeNull()
    expect(storedCodes(database)).toEqual([])
  })
})

describe('the commands', () => {
  it.each([
    ['an account that is none', { account: 'no spaces' }, /3 to 64/],
    ['a short password', { password: 'short' }, /8 to 128/],
    ['a common password', { password: 'password123' }, /most used/],
  ])('refuse %s', async (_what, change, message) => {
    const database = openFile()
    const made = createAdministrator(accountsOf(database), tools, { ...admin, ...change })
    await expect(made).rejects.toThrow(message)
    expect(people(database)).toEqual([])
  })

  it('refuse an existing account', async () => {
    const database = openFile()
    await createAdministrator(accountsOf(database), tools, admin)
    const again = createAdministrator(accountsOf(database), tools, { ...admin, account: 'OPS' })
    await expect(again).rejects.toThrow('the account OPS exists already')
  })

  it('remove a lost authenticator: its sessions end, and the next sign-in enrols a new one', async () => {
    const service = await startWithAdministrator()
    const { browser, recoveryCodes } = await enrol(service)
    const { code: enrolmentCode } = await resetSecondFactor(
      service.store().administratorAccounts,
      'Ops',
      Date.now(),
    )
    expect(await reasonOf(browser.admin.account.current.query())).toBe('unauthenticated')
    const later = openBrowser(service)
    expect(await later.admin.account.signIn.mutate(admin)).toEqual({ next: 'enrol' })
    const old = later.admin.account.proveCode.mutate({ code: recoveryCodes[0] ?? '' })
    expect(await reasonOf(old)).toBe('unauthenticated')
    await enrol(service, later, { enrolmentCode })
  })

  it('replace a password: sessions end, and no browser stays known', async () => {
    const service = await startWithAdministrator()
    const { browser } = await enrol(service)
    const password = 'another long enough secret'
    await setPassword(service.store().administratorAccounts, tools, { account: 'Ops', password })
    const { account } = browser.admin
    expect(await reasonOf(account.current.query())).toBe('unauthenticated')
    expect(await reasonOf(account.signIn.mutate(admin))).toBe('credential_rejected')
    const known = service.database().sqlite.prepare('select count(*) from known_browsers').pluck()
    expect(known.get()).toBe(0)
    expect(await account.signIn.mutate({ ...admin, password })).toEqual({ next: 'code' })
  })

  it.each([
    ['of no administrator', { account: 'ming' }, 'there is no administrator ming'],
    ['to a short password', { password: 'short' }, /8 to 128/],
    ['to a common password', { password: 'password123' }, /most used/],
  ])('replace no password %s', async (_what, change, message) => {
    const database = openFile()
    await createAdministrator(accountsOf(database), tools, admin)
    await createAdministrator(accountsOf(database), tools, { ...admin, account: 'ming' })
    database.sqlite.exec("update users set role = 'user' where account = 'ming'")
    const hashes = () => database.sqlite.prepare('select password_hash from users').pluck().all()
    const before = hashes()
    await expect(setPassword(accountsOf(database), tools, { ...admin, ...change })).rejects.toThrow(
      message,
    )
    expect(hashes()).toEqual(before)
  })

  it('change nothing for a user who is not an administrator', async () => {
    const reset = resetSecondFactor(accountsOf(openFile()), 'no-such-user', Date.now())
    await expect(reset).rejects.toThrow('there is no administrator no-such-user')
  })
})
