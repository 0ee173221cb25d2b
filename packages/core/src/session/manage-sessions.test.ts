import { describe, expect, it } from 'vitest'
import {
  createTestService,
  reasonOf,
  registerTestUser,
  signInTestUser,
  testOrigin,
} from '../../testing/index.ts'

/** `ming` with two sessions, of which the second one calls, and `hong`. */
async function start() {
  const service = createTestService()
  const first = await registerTestUser(service, { account: 'ming' })
  const hong = await registerTestUser(service, { account: 'hong' })
  service.clock.advance(1_000)
  const { actor } = await signInTestUser(service, first.user)
  return { service, first, actor, hong }
}

const recorded = { outcome: 'ok', appId: 'wx1', origin: testOrigin }

describe('listSessions', () => {
  it('lists the sessions of the caller, newest first, and marks the current one', async () => {
    const { service, first, actor } = await start()
    const sessions = await service.users.listSessions(actor.caller)
    expect(sessions).toMatchObject([
      { id: actor.caller.session.id, current: true, device: 'Phone' },
      { id: first.actor.caller.session.id, current: false },
    ])
  })

  it('lists no expired session', async () => {
    const { service, actor } = await start()
    service.clock.advance(30 * 24 * 3_600_000 - 1_000)
    expect(await service.users.listSessions(actor.caller)).toMatchObject([{ current: true }])
  })
})

describe('revokeSession', () => {
  it('ends a session of the caller', async () => {
    const { service, first, actor } = await start()
    await service.users.revokeSession(actor, first.actor.caller.session.id)
    expect(await service.users.listSessions(actor.caller)).toHaveLength(1)
    expect(service.events.at(-1)).toMatchObject({
      ...recorded,
      action: 'session_revoke',
      userId: actor.caller.user.id,
    })
    const again = service.users.revokeSession(actor, first.actor.caller.session.id)
    expect(await reasonOf(again)).toBe('not_found')
  })

  it('finds no session of another user', async () => {
    const { service, actor, hong } = await start()
    const theirs = hong.actor.caller.session.id
    expect(await reasonOf(service.users.revokeSession(actor, theirs))).toBe('not_found')
    expect(await service.store.sessions.find(theirs)).not.toBeNull()
    expect(service.events.at(-1)).toMatchObject({ outcome: 'not_found' })
  })
})

describe('revokeOtherSessions', () => {
  it('ends the other sessions of the caller and returns how many', async () => {
    const { service, actor, hong } = await start()
    await signInTestUser(service, { appId: 'wx1', openid: 'openid of ming' })
    expect(await service.users.revokeOtherSessions(actor)).toBe(2)
    expect(await service.users.listSessions(actor.caller)).toMatchObject([{ current: true }])
    expect(await service.store.sessions.find(hong.actor.caller.session.id)).not.toBeNull()
    expect(service.events.at(-1)).toMatchObject({ ...recorded, action: 'session_revoke' })
  })
})

describe('signOut', () => {
  it('ends the session of the caller and no other one', async () => {
    const { service, first, actor } = await start()
    await service.users.signOut(actor)
    expect(await service.users.listSessions(actor.caller)).toMatchObject([
      { id: first.actor.caller.session.id },
    ])
    expect(service.events.at(-1)).toMatchObject({
      ...recorded,
      action: 'sign_out',
      userId: actor.caller.user.id,
    })
  })

  it('may be repeated', async () => {
    const { service, actor } = await start()
    await service.users.signOut(actor)
    expect(await service.users.signOut(actor)).toBeUndefined()
  })
})
