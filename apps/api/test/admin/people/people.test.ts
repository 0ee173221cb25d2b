import { accountKey } from '@mianmi/core'
import { describe, expect, it } from 'vitest'
import { appId, login, otherAppId, reasonOf, register, type TestService } from '../../harness.ts'
import { administratorName, startSignedIn } from '../signed-in-administrator.ts'

/** The service, its administrator, and Anna, who is registered. */
async function startWithAnna() {
  const parts = await startSignedIn()
  const anna = await register(parts.service, 'anna', 'anna')
  return { ...parts, anna, userId: anna.user.id }
}

/** Gives somebody who is signed in the number that their phone has. */
async function givePhone(service: TestService, token: string): Promise<void> {
  await service.client(token).account.bindPhone.mutate({ code: await service.phoneCode('anna') })
}

const statusOf = async (service: TestService, user: string): Promise<string> =>
  (await login(service, user)).status

describe('an administrator who looks after people', () => {
  it('finds a user and sees everything except secrets', async () => {
    const { service, admin, anna, userId } = await startWithAnna()
    await givePhone(service, anna.tokens.accessToken)
    const { items } = await admin.people.list.query({ search: 'ANN' })
    expect(items).toMatchObject([{ id: userId, account: 'anna', appIds: [appId] }])
    const seen = await admin.people.view.query({ userId })
    expect(seen).toMatchObject({
      person: { id: userId, account: 'anna', hasPassword: true, role: 'user' },
      identities: [{ appId }],
      sessions: [{ appId }],
    })
    expect(seen.history.map(({ action }) => action)).toEqual(['phone_change', 'register'])
    const { phone } = await admin.people.revealPhone.mutate({ userId })
    expect(phone).toMatch(/^1\d{10}$/)
    expect(JSON.stringify(seen)).not.toContain(phone)
    expect(seen.person.phone).toMatch(/^1\d\d\*{4}\d{4}$/)
    expect((await admin.people.list.query({ search: `+86 ${phone}` })).items).toMatchObject(items)
    expect(JSON.stringify(seen)).not.toMatch(/argon2|sealed|session_?key/i)
  })

  it('pages through the longest account names that an earlier version accepted', async () => {
    const { service, admin } = await startSignedIn()
    const names = ['', 'a'].map((end) => '\u{fdfa}'.repeat(64 - end.length) + end)
    const rename = service
      .database()
      .sqlite.prepare('update users set account = ?, account_key = ? where id = ?')
    const ids: string[] = []
    for (const [at, name] of names.entries()) {
      const { user } = await register(service, `long ${at}`, `long${at}`)
      rename.run(name, accountKey(name), user.id)
      ids.push(user.id)
    }
    const wanted = { search: '\u{fdfa}', limit: 1 }
    const first = await admin.people.list.query(wanted)
    const second = await admin.people.list.query({ ...wanted, cursor: first.next ?? '' })
    const found = [...first.items, ...second.items]
    expect(found.map(({ id }) => id).sort()).toEqual(ids.toSorted())
    expect(second.next).toBeNull()
    for (const { id: userId, account } of found)
      await admin.people.remove.mutate({ userId, confirm: account ?? '' })
  })

  it('disables and enables, and ends the sessions of the user at once', async () => {
    const { service, admin, anna, userId } = await startWithAnna()
    await admin.people.disable.mutate({ userId })
    expect(await reasonOf(service.client(anna.tokens.accessToken).me.query())).toBe(
      'unauthenticated',
    )
    expect(await reasonOf(login(service, 'anna'))).toBe('user_disabled')
    expect((await admin.people.list.query({ status: 'disabled' })).items).toHaveLength(1)
    await admin.people.enable.mutate({ userId })
    expect(await statusOf(service, 'anna')).toBe('signedIn')
  })

  it('ends one session or all, and none of somebody else', async () => {
    const { service, admin, anna, userId } = await startWithAnna()
    const bert = await register(service, 'bert', 'bert')
    await login(service, 'anna')
    const { sessions } = await admin.people.view.query({ userId: bert.user.id })
    const theirs = { userId, sessionId: sessions[0]?.id ?? '' }
    expect(await reasonOf(admin.people.endSessions.mutate(theirs))).toBe('not_found')
    const current = (await service.client(anna.tokens.accessToken).me.query()).session.id
    const one = await admin.people.endSessions.mutate({ userId, sessionId: current })
    expect(one.ended).toBe(1)
    expect(await reasonOf(service.client(anna.tokens.accessToken).me.query())).toBe(
      'unauthenticated',
    )
    expect((await admin.people.endSessions.mutate({ userId })).ended).toBe(1)
    expect((await service.client(bert.tokens.accessToken).me.query()).user.id).toBe(bert.user.id)
  })

  it('unbinds a WeChat identity, but never the last way to sign in', async () => {
    const { service, admin, anna, userId } = await startWithAnna()
    const carl = { type: 'phone', code: await service.phoneCode('carl') } as const
    const proof = { appId, code: await service.code('carl') }
    const byPhone = await service.client().bind.mutate({ proof, credential: carl })
    await admin.people.unbind.mutate({ userId, appId })
    expect(await reasonOf(service.client(anna.tokens.accessToken).me.query())).toBe(
      'unauthenticated',
    )
    expect(await statusOf(service, 'anna')).toBe('unbound')
    expect(await reasonOf(admin.people.unbind.mutate({ userId, appId }))).toBe('not_found')
    const { sqlite } = service.database()
    sqlite
      .prepare('update users set phone = null, phone_key = null where id = ?')
      .run(byPhone.user.id)
    const last = admin.people.unbind.mutate({ userId: byPhone.user.id, appId })
    expect(await reasonOf(last)).toBe('last_credential')
  })

  it('lets WeChat renew a session_key, stores the new one, and reports a stale one', async () => {
    const { service, admin, userId } = await startWithAnna()
    const { sqlite } = service.database()
    const keys = () =>
      sqlite.prepare('select sealed_key as key, previous_key as previous from identities').get()
    const before = keys()
    await admin.people.resetSessionKey.mutate({ userId, appId })
    expect(keys()).not.toEqual(before)
    expect(keys()).toMatchObject({ previous: null })
    // Only the holder of the newest key can renew it.
    await admin.people.resetSessionKey.mutate({ userId, appId })
    expect(await service.wechatCalls('/wxa/resetusersessionkey')).toBe(2)
    const elsewhere = new URL('/sns/jscode2session', service.sandboxUrl)
    elsewhere.search = new URLSearchParams({
      appid: appId,
      secret: 'secret-one',
      js_code: await service.code('anna'),
      grant_type: 'authorization_code',
    }).toString()
    await fetch(elsewhere)
    const stale = admin.people.resetSessionKey.mutate({ userId, appId })
    expect(await reasonOf(stale)).toBe('data_rejected')
    const none = admin.people.resetSessionKey.mutate({ userId, appId: otherAppId })
    expect(await reasonOf(none)).toBe('not_found')
  })

  it('removes the user whose name was typed, and no other', async () => {
    const { service, admin, userId } = await startWithAnna()
    const wrong = admin.people.remove.mutate({ userId, confirm: 'Anna' })
    expect(await reasonOf(wrong)).toBe('invalid_input')
    await admin.people.remove.mutate({ userId, confirm: 'anna' })
    expect(await reasonOf(admin.people.view.query({ userId }))).toBe('not_found')
    expect(await statusOf(service, 'anna')).toBe('unbound')
  })

  it('cannot disable or remove itself', async () => {
    const { admin, operatorId: userId } = await startSignedIn()
    expect(await reasonOf(admin.people.disable.mutate({ userId }))).toBe('forbidden')
    const removal = admin.people.remove.mutate({ userId, confirm: administratorName })
    expect(await reasonOf(removal)).toBe('forbidden')
  })

  it('gets not_found for an unknown user from every procedure', async () => {
    const { admin } = await startSignedIn()
    const userId = 'no-such-user'
    const calls = [
      admin.people.view.query({ userId }),
      admin.people.disable.mutate({ userId }),
      admin.people.enable.mutate({ userId }),
      admin.people.endSessions.mutate({ userId }),
      admin.people.unbind.mutate({ userId, appId }),
      admin.people.resetSessionKey.mutate({ userId, appId }),
      admin.people.remove.mutate({ userId, confirm: userId }),
      admin.people.revealPhone.mutate({ userId }),
    ]
    const reasons = await Promise.all(calls.map((call) => reasonOf(call)))
    expect(reasons).toEqual(calls.map(() => 'not_found'))
  })
})
