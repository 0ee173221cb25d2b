import { describe, expect, it } from 'vitest'
import {
  createTestService,
  enrolTestAdmin,
  reasonOf,
  registerTestUser,
  testApps,
  testOrigin,
  testSettings,
} from '../../testing/index.ts'

async function start() {
  const service = createTestService()
  const { actor } = await enrolTestAdmin(service)
  const { signedIn } = await registerTestUser(service, { account: 'ming' })
  return { service, admin: service.admin, actor, userId: signedIn.user.id }
}

describe('the admin service', () => {
  it('records every verb with its administrator, and whom and which app it names', async () => {
    const { service, admin, actor, userId } = await start()
    const appId = 'wx1'
    const order = { unionid: 'u', firstUserId: 'other', secondUserId: userId, keepUserId: userId }
    const noSubject = { userId: null, appId: null }
    const user = { userId, appId: null }
    const verbs: [string, object, () => Promise<unknown>][] = [
      ['admin.operator.current', noSubject, () => admin.currentAdministrator(actor)],
      ['admin.overview', noSubject, () => admin.overview(actor, { days: 1 })],
      [
        'admin.people.list',
        { userId: null, appId },
        () => admin.listPeople(actor, { appId, limit: 1 }),
      ],
      ['admin.people.list', noSubject, () => admin.listPeople(actor, { limit: 1 })],
      ['admin.people.view', user, () => admin.viewPerson(actor, userId)],
      ['admin.people.disable', user, () => admin.disablePerson(actor, userId)],
      ['admin.people.enable', user, () => admin.enablePerson(actor, userId)],
      ['admin.people.endSessions', user, () => admin.endSessions(actor, { userId })],
      [
        'admin.people.resetSessionKey',
        { userId, appId },
        () => admin.resetSessionKey(actor, { userId, appId }),
      ],
      [
        'admin.people.unbind',
        { userId, appId },
        () => admin.unbindPerson(actor, { userId, appId }),
      ],
      ['admin.people.revealPhone', user, () => admin.revealPhone(actor, userId)],
      ['admin.conflicts.list', noSubject, () => admin.listConflicts(actor, { limit: 1 })],
      ['admin.conflicts.preview', user, () => admin.previewMerge(actor, order)],
      ['admin.conflicts.merge', user, () => admin.merge(actor, order)],
      ['admin.conflicts.merges', noSubject, () => admin.listMerges(actor)],
      ['admin.conflicts.undo', noSubject, () => admin.undoMerge(actor, 'unknown')],
      ['admin.audit.list', user, () => admin.listAudit(actor, { userId, limit: 1 })],
      ['admin.audit.list', noSubject, () => admin.listAudit(actor, { limit: 1 })],
      ['admin.audit.count', user, () => admin.countAudit(actor, { userId })],
      ['admin.audit.count', noSubject, () => admin.countAudit(actor, {})],
      ['admin.apps.list', noSubject, () => admin.listApps(actor)],
      ['admin.apps.test', { userId: null, appId }, () => admin.testApp(actor, appId)],
      ['admin.settings', noSubject, () => admin.settings(actor)],
      ['admin.people.remove', user, () => admin.removePerson(actor, { userId, confirm: 'ming' })],
    ]
    const changes = [
      'admin.people.disable',
      'admin.people.enable',
      'admin.people.endSessions',
      'admin.people.resetSessionKey',
      'admin.people.unbind',
      'admin.people.remove',
      'admin.conflicts.merge',
      'admin.conflicts.undo',
    ]
    for (const [action, named, call] of verbs) {
      const { length } = service.events
      const outcome = await call().then(
        () => 'ok',
        (error: { reason: string }) => error.reason,
      )
      const line = {
        at: service.clock.now(),
        action,
        outcome,
        adminId: actor.administrator.id,
        ...named,
        origin: testOrigin,
        newUser: false,
      }
      const started = changes.includes(action) ? [{ ...line, outcome: 'started' }] : []
      expect(service.events.slice(length)).toEqual([...started, line])
    }
  })

  it('records what was refused before it reached a verb', async () => {
    const { service, admin } = await start()
    const call = {
      reason: 'forbidden',
      adminId: 'root',
      userId: 'ming',
      origin: testOrigin,
    } as const
    admin.noteRefusal({ verb: 'viewPerson', ...call })
    expect(service.events.at(-1)).toEqual({
      at: service.clock.now(),
      action: 'admin.people.view',
      outcome: 'forbidden',
      adminId: 'root',
      userId: 'ming',
      appId: null,
      origin: testOrigin,
    })
  })

  it('shows the administrator who asks', async () => {
    const { admin, actor } = await start()
    expect(await admin.currentAdministrator(actor)).toEqual({
      administrator: actor.administrator,
      apps: [
        { appId: 'wx1', name: 'Shop' },
        { appId: 'wx2', name: null },
        { appId: 'wx3', name: null },
      ],
    })
  })
})

describe('the audit log, for administrators', () => {
  it('is listed by page and counted', async () => {
    const { admin, actor, userId } = await start()
    const first = await admin.listAudit(actor, { userId, limit: 1 })
    expect(first.items).toMatchObject([{ action: 'register', userId, outcome: 'ok' }])
    expect(await admin.countAudit(actor, { action: 'register' })).toBe(1)
    const page = { limit: 1, cursor: 'nonsense' }
    expect(await reasonOf(admin.listAudit(actor, page))).toBe('invalid_input')
  })
})

describe('the configured apps', () => {
  it('are listed with what is known of them', async () => {
    const { admin, actor, service } = await start()
    const apps = await admin.listApps(actor)
    expect(apps.map(({ appId }) => appId)).toEqual(testApps)
    expect(apps[0]).toEqual({
      appId: 'wx1',
      identities: 1,
      signInsToday: 1,
      lastSignInAt: service.clock.now(),
    })
  })

  it('are tested by asking WeChat, and no other app is', async () => {
    const { admin, actor } = await start()
    expect(await admin.testApp(actor, 'wx2')).toMatchObject({ finding: 'ok' })
    expect(await reasonOf(admin.testApp(actor, 'wx9'))).toBe('app_unknown')
  })

  it('are shown with the settings', async () => {
    const { admin, actor } = await start()
    expect(await admin.settings(actor)).toEqual(testSettings)
  })
})
