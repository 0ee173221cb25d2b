import { conflictKey } from '@mianmi/core/admin'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  appId,
  login,
  otherAppId,
  reasonOf,
  register,
  startService,
  type TestService,
  ticketFor,
} from '../../harness.ts'
import { adminStoresOf } from '../stores.ts'

/** Counts the lines of the audit log of a user. */
const ofUser = `select count(*) from audit_events join audit_subjects on pseudonym = audit_events.user_id
  where audit_subjects.user_id = ?`

const hour = 3_600_000

/** Anna in one app and Bert in the other, whom a unionid proves to be one person. */
async function startPair() {
  const service = await startService()
  const kept = await register(service, 'anna', 'anna')
  const proof = { ticket: await ticketFor(service, 'bert', otherAppId) }
  const gone = await service
    .client()
    .register.mutate({ proof, account: 'bert', password: 'correct horse' })
  return { service, kept, gone, ...pairOf(service, kept.user.id, gone.user.id) }
}

function pairOf(service: TestService, kept: string, gone: string) {
  const { merges } = adminStoresOf(service.database())
  const order = {
    ...conflictKey({ unionid: 'union', firstUserId: kept, secondUserId: gone }),
    keepUserId: kept,
  }
  const { unionid, firstUserId, secondUserId } = order
  service
    .database()
    .sqlite.prepare('insert into unionid_conflicts values (?, ?, ?, 1)')
    .run(unionid, firstUserId, secondUserId)
  const at = Date.now()
  const merge = (id = 'm1') =>
    merges.merge(order, {
      id,
      adminId: 'administrator',
      at,
      undoUntil: at + 24 * hour,
      rules: rulesAt(at),
    })
  return { merges, order, merge }
}

const rulesAt = (now = Date.now()) => ({ appIds: [appId, otherAppId], phoneTrust: 0, now })

const userOf = async (service: TestService, user: string, app: string): Promise<string> => {
  const result = await login(service, user, app)
  return result.status === 'signedIn' ? result.user.id : result.status
}

describe('a merge, for the people themselves', () => {
  it('signs both WeChat identities in to the kept user', async () => {
    const { service, kept, gone, merge, merges } = await startPair()
    await merge()
    expect(await reasonOf(service.client(gone.tokens.accessToken).me.query())).toBe(
      'unauthenticated',
    )
    expect(await userOf(service, 'anna', appId)).toBe(kept.user.id)
    const bert = await login(service, 'bert', otherAppId)
    expect(bert).toMatchObject({ status: 'signedIn', user: { id: kept.user.id, account: 'anna' } })
    const proof = { appId, code: await service.code('carl') }
    const credential = { type: 'password', account: 'bert', password: 'correct horse' } as const
    expect(await reasonOf(service.client().bind.mutate({ proof, credential }))).toBe(
      'user_disabled',
    )

    expect(await merges.undo('m1', rulesAt())).toBe('undone')
    if (bert.status !== 'signedIn') throw new Error('Bert was signed in')
    // He had come in by the WeChat that went back.
    expect(await reasonOf(service.client(bert.tokens.accessToken).me.query())).toBe(
      'unauthenticated',
    )
    expect(await userOf(service, 'anna', appId)).toBe(kept.user.id)
    expect(await userOf(service, 'bert', otherAppId)).toBe(gone.user.id)
  })

  it('loses and doubles no sign-in, whenever they come', async () => {
    const { service, kept, gone, merge, merges } = await startPair()
    const users = [kept.user.id, gone.user.id]
    const logins = (count: number) =>
      Array.from({ length: count }, (_, at) =>
        at % 2 === 0 ? login(service, 'anna', appId) : login(service, 'bert', otherAppId),
      )
    for (let round = 0; round < 3; round++) {
      const id = `m${round}`
      const [before, , after] = await Promise.all([
        Promise.all(logins(8)),
        merge(id),
        Promise.all(logins(8)),
      ])
      for (const result of [...before, ...after]) {
        if (result.status !== 'signedIn') throw new Error(result.status)
        expect(users).toContain(result.user.id)
        const call = service.client(result.tokens.accessToken).me.query()
        if (result.user.id === kept.user.id) expect((await call).user.id).toBe(kept.user.id)
        else expect(await reasonOf(call)).toBe('unauthenticated')
      }
      const owners = service.database().sqlite.prepare('select user_id from identities').pluck()
      expect(owners.all()).toEqual([kept.user.id, kept.user.id])
      const [, undone] = await Promise.all([
        Promise.all(logins(8)),
        merges.undo(id, rulesAt()),
        Promise.all(logins(8)),
      ])
      expect(undone).toBe('undone')
      expect(await userOf(service, 'anna', appId)).toBe(kept.user.id)
      expect(await userOf(service, 'bert', otherAppId)).toBe(gone.user.id)
      expect(owners.all().sort()).toEqual(users.toSorted())
    }
  })

  it('signs no one in by the data of the merged user, and deletes it a day later with the next sign-in', async () => {
    const service = await startService()
    const kept = await register(service, 'anna', 'anna')
    const gone = await register(service, 'bert', 'bert')
    const { merge, merges } = pairOf(service, kept.user.id, gone.user.id)
    await merge()
    const { sqlite } = service.database()
    const known = sqlite.prepare(ofUser).pluck()
    expect(known.get(gone.user.id)).toBe(1)
    expect(await reasonOf(login(service, 'bert'))).toBe('user_disabled')
    expect(await merges.list(5)).toHaveLength(1)
    // The clock is ahead for a while, and the merge can still be undone when it is right again.
    service.passTime(48 * hour)
    expect(await userOf(service, 'anna', appId)).toBe(kept.user.id)
    service.passTime(-48 * hour)
    expect(sqlite.prepare('select count(*) from merges').pluck().get()).toBe(1)
    service.passTime(24 * hour + 1)
    const uptime = performance.now() + 24 * hour
    vi.spyOn(performance, 'now').mockReturnValue(uptime)
    onTestFinished(() => void vi.restoreAllMocks())
    expect(await userOf(service, 'anna', appId)).toBe(kept.user.id)
    expect(sqlite.prepare('select id from users').pluck().all()).toEqual([kept.user.id])
    expect(await userOf(service, 'bert', appId)).toBe('unbound')
    expect(await merges.undo('m1', rulesAt(0))).toBe('not_found')
    expect(known.get(gone.user.id)).toBe(0)
  })

  it('is deleted with the account', async () => {
    const { service, kept, gone, merge } = await startPair()
    await merge()
    const bert = await login(service, 'bert', otherAppId)
    if (bert.status !== 'signedIn') throw new Error(bert.status)
    await service
      .client(bert.tokens.accessToken)
      .account.delete.mutate({ confirm: true, code: await service.code('bert', otherAppId) })
    const { sqlite } = service.database()
    for (const table of ['users', 'identities', 'sessions', 'merges', 'unionid_conflicts'])
      expect(sqlite.prepare(`select count(*) from ${table}`).pluck().get(), table).toBe(0)
    const known = sqlite.prepare(ofUser).pluck()
    expect(known.get(kept.user.id)).toBe(0)
    expect(known.get(gone.user.id)).toBe(0)
    expect(sqlite.prepare('select count(*) from audit_subjects').pluck().get()).toBe(0)
  })
})
