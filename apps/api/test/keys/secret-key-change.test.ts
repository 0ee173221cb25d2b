import { randomBytes } from 'node:crypto'
import { phoneOf } from '@mianmi/wechat-sandbox'
import { decodeProtectedHeader } from 'jose'
import { expect, it } from 'vitest'
import { reseal } from '../../src/reseal/reseal.ts'
import { openDatabase, verifyAudit } from '../../src/store/sqlite/index.ts'
import { createAuditKeySealer } from '../../src/tokens/audit-key-sealer.ts'
import { createPhoneSealer } from '../../src/tokens/phone-sealer.ts'
import { createRootKey } from '../../src/tokens/root-key.ts'
import { admin, codeOf, enrol, openBrowser } from '../admin/client.ts'
import { storeOf } from '../database.ts'
import {
  appId,
  login,
  otherAppId,
  reasonOf,
  register,
  startService,
  type TestService,
  ticketFor,
} from '../harness.ts'
import { migrations } from '../store/earlier-migrations.ts'

const [a, b, c] = [randomBytes(32), randomBytes(32), randomBytes(32)]
const listOf = (...keys: readonly Buffer[]) => ({
  SECRET_KEY: keys.map((key) => key.toString('base64')).join(','),
})

/** Runs `admin.js reseal` in this process, over a connection of its own. */
async function runReseal(
  service: TestService,
  keys: readonly [Buffer, ...Buffer[]],
  options: { discard?: boolean } = {},
) {
  const root = createRootKey(...keys)
  const database = openDatabase(service.databasePath, migrations, createPhoneSealer(root))
  try {
    return await reseal(storeOf(database, root), root, { report: () => {}, ...options })
  } finally {
    await database.checkpoints.idle()
    database.close()
  }
}

async function bindByPhone(service: TestService, user: string, app = appId) {
  const proof = { ticket: await ticketFor(service, user, app) }
  const credential = { type: 'phone', code: await service.phoneCode(user, app) } as const
  return service.client().bind.mutate({ proof, credential })
}

/** A service under key A, with all that depends on it. */
async function startUnderA() {
  const service = await startService({
    ...listOf(a),
    ADMIN_ACCOUNT: admin.account,
    ADMIN_PASSWORD: admin.password,
    REFRESH_TOKEN_TTL: '3600',
  })
  // Without a unionid the second app can link ming by number only.
  await service.playWechat('person', { user: 'ming', unionid: null })
  const bound = await bindByPhone(service, 'ming')
  const idle = await login(service, 'ming')
  if (idle.status !== 'signedIn') throw new Error('ming is bound')
  const { secret, recoveryCodes } = await enrol(service)
  const kid = decodeProtectedHeader(bound.tokens.accessToken).kid ?? ''
  return { service, bound, idle: idle.tokens, secret, recoveryCodes, kid }
}

const publishedKids = async (service: TestService): Promise<string[]> => {
  const response = await fetch(`${service.url()}/.well-known/jwks.json`)
  const { keys } = (await response.json()) as { keys: { kid: string }[] }
  return keys.map(({ kid }) => kid)
}

/** A code of the second factor that is accepted once; every call is a step later. */
async function proveFactor(service: TestService, code: string) {
  const browser = openBrowser(service)
  await browser.admin.account.signIn.mutate(admin)
  await browser.admin.account.proveCode.mutate({ code })
  return browser
}

it('a new key in front changes nothing for anyone', async () => {
  const { service, bound, idle, secret, recoveryCodes, kid } = await startUnderA()
  const [first = '', second = ''] = recoveryCodes
  await service.restart(listOf(b, a))
  const me = await service.client(bound.tokens.accessToken).me.query()
  expect(me.user).toEqual(bound.user)
  const { refreshToken } = bound.tokens
  const next = await service.client().session.refresh.mutate({ refreshToken })
  // The reply was lost: the same call gives the same successor, and that of the former key is as good.
  const again = await service.client().session.refresh.mutate({ refreshToken })
  expect(again.refreshToken).toBe(next.refreshToken)
  await service.client().session.refresh.mutate({ refreshToken: next.refreshToken })
  await service.client().session.refresh.mutate({ refreshToken: idle.refreshToken })
  const signing = decodeProtectedHeader(next.accessToken).kid ?? ''
  expect(signing).not.toBe(kid)
  expect(await publishedKids(service)).toEqual([signing, kid])
  service.passTime(30_000)
  await proveFactor(service, codeOf(service, secret))
  const { admin: console } = await proveFactor(service, first)
  expect(await reasonOf(proveFactor(service, first))).toBe('credential_rejected')
  const { phone } = await console.people.revealPhone.mutate({ userId: bound.user.id })
  expect(phone).toBe(phoneOf('ming'))
  const found = await console.people.list.query({ search: phone ?? '' })
  expect(found.items).toMatchObject([{ id: bound.user.id }])
  expect(second).not.toBe('')
})

it('a number of the former key is one user, found, and stored under the new key', async () => {
  const { service, bound } = await startUnderA()
  const columns = () =>
    service
      .database()
      .sqlite.prepare(
        'select id, phone_key as key, sealed_phone as sealed from users where phone is not null',
      )
      .all() as { id: string; key: string; sealed: string }[]
  const root = createRootKey(b, a)
  await service.restart(listOf(b, a))
  expect(root.isCurrent(columns()[0]?.sealed ?? '')).toBe(false)
  const other = await bindByPhone(service, 'ming', otherAppId)
  expect(other).toMatchObject({ newUser: false, user: { id: bound.user.id } })
  const [row, ...others] = columns()
  expect(others).toEqual([])
  expect(row?.key).toBe(root.mac('phone', phoneOf('ming')))
  expect(root.isCurrent(row?.sealed ?? '')).toBe(true)
  // A number that is another user's under the former key cannot be taken either.
  await service.restart(listOf(c, b, a))
  const { tokens } = await register(service, 'hong', 'hong')
  await service.playWechat('person', { user: 'hong', phone: phoneOf('ming') })
  const take = service
    .client(tokens.accessToken)
    .account.bindPhone.mutate({ code: await service.phoneCode('hong') })
  expect(await reasonOf(take)).toBe('account_taken')
})

it('after everything was sealed again the former key can be removed', async () => {
  const { service, bound, idle, secret, recoveryCodes, kid } = await startUnderA()
  const open = await ticketFor(service, 'lan')
  await service.restart(listOf(b, a))
  const issued = await login(service, 'ming')
  expect(await runReseal(service, [b, a])).toMatchObject({
    isComplete: true,
    unreadable: {},
    sharedNumbers: [],
  })
  await service.restart(listOf(b))
  const me = await service.client(bound.tokens.accessToken).me.query()
  expect(me.user.id).toBe(bound.user.id)
  const signing =
    issued.status === 'signedIn' ? decodeProtectedHeader(issued.tokens.accessToken).kid : ''
  expect(await publishedKids(service)).toEqual([signing, kid])
  await service.client().session.refresh.mutate({ refreshToken: idle.refreshToken })
  expect(await bindByPhone(service, 'ming', otherAppId)).toMatchObject({
    newUser: false,
    user: { id: bound.user.id },
  })
  const registered = await service
    .client()
    .register.mutate({ proof: { ticket: open }, account: 'lan', password: 'correct horse' })
  expect(registered.newUser).toBe(true)
  service.passTime(30_000)
  await proveFactor(service, codeOf(service, secret))
  const { admin: console } = await proveFactor(service, recoveryCodes[0] ?? '')
  const { phone } = await console.people.revealPhone.mutate({ userId: bound.user.id })
  expect(phone).toBe(phoneOf('ming'))
  // WeChat is asked with the session_key that was sealed under the former key.
  await console.people.resetSessionKey.mutate({ userId: bound.user.id, appId })
  // The lines of both keys are one chain, which verifies without the former key.
  const audit = verifyAudit(service.database(), createAuditKeySealer(createRootKey(b)))
  expect(audit).toMatchObject({ first: { id: 1 }, fault: null })
  service.passTime(15 * 60_000)
  expect(await publishedKids(service)).toEqual([signing])
  const expired = service.client(bound.tokens.accessToken).me.query()
  expect(await reasonOf(expired)).toBe('unauthenticated')
})

it('a retired key reads refresh tokens as long as one can live, and recovery codes for ever', async () => {
  const { service, recoveryCodes } = await startUnderA()
  await service.restart(listOf(b, a))
  await runReseal(service, [b, a])
  const kept = () =>
    service
      .database()
      .sqlite.prepare('select purpose from retired_mac_keys order by 1')
      .pluck()
      .all()
  // A clock that was ahead keeps no key longer.
  service.database().sqlite.exec('update retired_mac_keys set retired_at = retired_at + 1e12')
  await service.restart(listOf(b, a))
  service.passTime(3_500_000)
  await service.restart(listOf(b))
  expect(kept()).toEqual(['recovery code', 'refresh token'])
  service.passTime(100_000)
  await service.restart(listOf(b))
  expect(kept()).toEqual(['recovery code'])
  // And once more: the retired key is sealed under the new one, too.
  await service.restart(listOf(c, b))
  expect(await runReseal(service, [c, b])).toMatchObject({ isComplete: true })
  await service.restart(listOf(c))
  await proveFactor(service, recoveryCodes[0] ?? '')
})

it('what cannot be opened is left and counted, and the former key stays needed', async () => {
  const { service, bound } = await startUnderA()
  await service.restart(listOf(b, a))
  const { sqlite } = service.database()
  const sealed = 'select sealed_phone from users where id = ?'
  const damage = sqlite.prepare('update users set sealed_phone = ? where id = ?')
  const original = sqlite.prepare(sealed).pluck().get(bound.user.id)
  damage.run('damaged', bound.user.id)
  const result = await runReseal(service, [b, a])
  expect(result).toMatchObject({ isComplete: false, unreadable: { users: 1 } })
  expect(result.resealed).toBeGreaterThan(0)
  expect(sqlite.prepare(sealed).pluck().get(bound.user.id)).toBe('damaged')
  const used = () => sqlite.prepare('select count(*) from root_keys').pluck().get()
  expect(used()).toBe(2)
  damage.run(original, bound.user.id)
  expect(await runReseal(service, [b, a])).toEqual({
    resealed: 1,
    unreadable: {},
    discarded: {},
    sharedNumbers: [],
    isComplete: true,
  })
  expect(used()).toBe(1)
  expect(await runReseal(service, [b, a])).toMatchObject({ resealed: 0, isComplete: true })
})

it('a number that an earlier version gave to two users is named, and stays with both', async () => {
  const { service, bound } = await startUnderA()
  await service.restart(listOf(b, a))
  const [underB, phone] = [createRootKey(b), phoneOf('ming')]
  service
    .database()
    .sqlite.prepare(
      `insert into users (id, phone, phone_key, sealed_phone, phone_proven_at, created_at)
       values ('z', '1', ?, ?, ?, 1)`,
    )
    .run(underB.mac('phone', phone), underB.seal('phone', phone, 'z'), service.now() + 1)
  expect(await runReseal(service, [b, a])).toMatchObject({
    isComplete: false,
    unreadable: {},
    sharedNumbers: [bound.user.id],
  })
})

it('a key that sealed nothing but its signing key is dropped, although it is not listed', async () => {
  const service = await startService(listOf(a))
  // As an earlier version left the database when SECRET_KEY was replaced.
  service.database().sqlite.exec(`insert into root_keys values ('earlier', 1);
    insert into signing_keys (kid, root_id, sealed_private_jwk, created_at) values ('k', 'earlier', 'x', 1)`)
  await expect(service.restart()).rejects.toThrow('SECRET_KEY does not list every key')
  expect(await runReseal(service, [a])).toMatchObject({ isComplete: true })
  await service.restart()
  expect(await publishedKids(service)).toHaveLength(1)
})

it('what a lost key sealed can be discarded, and the service starts again without that key', async () => {
  const { service, bound, secret } = await startUnderA()
  await ticketFor(service, 'lan')
  expect(await reasonOfReseal(service)).toBe('UnlistedKeyError')
  const { resealed, discarded, isComplete } = await runReseal(service, [c], { discard: true })
  expect({ resealed, isComplete }).toEqual({ resealed: 0, isComplete: true })
  expect(discarded).toEqual({
    tickets: 2,
    identities: 1,
    users: 1,
    operator_factors: 1,
    audit_chain: 1,
  })
  await service.restart(listOf(c))
  const again = await login(service, 'ming')
  expect(again).toMatchObject({ status: 'signedIn', user: { id: bound.user.id, phone: null } })
  expect(await reasonOf(proveFactor(service, codeOf(service, secret)))).toBe('unauthenticated')
  expect(await bindByPhone(service, 'other')).toMatchObject({ newUser: true })
  expect(await runReseal(service, [c])).toMatchObject({ resealed: 0, isComplete: true })
  const audit = verifyAudit(service.database(), createAuditKeySealer(createRootKey(c)))
  expect(audit).toMatchObject({ fault: null, verified: expect.any(Number) })
  expect(audit.earlier).toBeGreaterThan(0)
})

const reasonOfReseal = (service: TestService): Promise<string> =>
  runReseal(service, [c]).then(
    () => 'none',
    (error: Error) => error.name,
  )
