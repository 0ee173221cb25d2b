import { describe, expect, it } from 'vitest'
import type { Caller } from '../../../src/index.ts'
import { mergePair, orderOf, snapshotOf } from '../admin/merges/merge-drafts.ts'
import { noteConflict } from '../admin/people/people.ts'
import { keepPicture, setPhone } from '../callers.ts'
import {
  bindTo,
  byCode,
  newIdentity,
  newSession,
  now,
  type Registered,
  registerUser,
  requireBound,
  rules,
  signIn,
} from '../drafts.ts'
import type { MakeStores, TestedStores } from '../stores.ts'

interface Scene {
  readonly stores: TestedStores
  readonly ming: Registered
  readonly hong: Registered
  /** By the session of wx1. */
  readonly caller: Caller
  /** The same user by a session of wx2. */
  readonly elsewhere: Caller
}

async function openScene(make: MakeStores): Promise<Scene> {
  const stores = await make()
  const ming = await registerUser(stores, { identity: newIdentity({ unionid: 'one' }) })
  const hong = await registerUser(stores)
  const userId = ming.user.id
  const session = newSession({ appId: 'wx2', createdAt: now - 1 })
  const claim = byCode(newIdentity({ appId: 'wx2', unionid: 'one' }))
  requireBound(await bindTo(stores, { claim, userId, session }))
  await signIn(stores, ming.identity, { createdAt: now - 2 })
  await setPhone(stores, userId, '13800000001')
  await keepPicture(stores, userId)
  const caller = { sessionId: ming.session.id, userId, now }
  return { stores, ming, hong, caller, elsewhere: { ...caller, sessionId: session.id } }
}

type Verb = (scene: Scene, caller: Caller) => Promise<unknown>

const verbs: readonly (readonly [string, Verb])[] = [
  ['updateProfile', ({ stores }, caller) => stores.users.updateProfile(caller, { nickname: 'x' })],
  [
    'changePassword',
    ({ stores }, caller) =>
      stores.users.changePassword({ caller, from: 'hash', to: 'x', provenBy: null }),
  ],
  [
    'setPhone',
    ({ stores, ming }, caller) =>
      stores.users.setPhone({ caller, provenBy: ming.identity, phone: '13800000009', rules }),
  ],
  [
    'removeCaller',
    ({ stores, ming }, caller) => stores.users.removeCaller({ caller, provenBy: ming.identity }),
  ],
  [
    'keep',
    ({ stores }, caller) => stores.avatars.keep(caller, { type: 'png', bytes: Uint8Array.of(9) }),
  ],
  ...[false, true].map(
    (everywhere) =>
      [
        everywhere ? 'unbind everywhere' : 'unbind',
        ({ stores }: Scene, caller: Caller) => {
          const { userId } = caller
          return stores.identities.unbind({ userId, appId: 'wx2', everywhere, caller, rules })
        },
      ] as const,
  ),
  [
    'confirm',
    ({ stores, ming }, caller) => {
      const identity = { ...ming.identity, key: newIdentity().key }
      return stores.identities.confirm({ identity, caller })
    },
  ],
  ['callerKeys', ({ stores }, caller) => stores.identities.callerKeys(caller)],
  [
    'revoke',
    ({ stores, elsewhere }, caller) =>
      stores.sessions.revoke({ caller, sessionId: elsewhere.sessionId }),
  ],
  ['endOthers', ({ stores }, caller) => stores.sessions.endOthers(caller)],
]

type Cause = (scene: Scene) => Promise<unknown>

const gone = 'unauthenticated'
const causes: readonly (readonly [string, Cause, string])[] = [
  [
    'signed out',
    ({ stores, caller: { sessionId: id, userId } }) => stores.sessions.end({ id, userId }),
    gone,
  ],
  [
    'was revoked from another device',
    ({ stores, caller: { sessionId }, elsewhere: caller }) =>
      stores.sessions.revoke({ caller, sessionId }),
    gone,
  ],
  [
    'was signed out everywhere else',
    ({ stores, elsewhere }) => stores.sessions.endOthers(elsewhere),
    gone,
  ],
  [
    'has another password, changed on another device',
    ({ stores, elsewhere: caller }) =>
      stores.users.changePassword({ caller, from: 'hash', to: 'new', provenBy: null }),
    gone,
  ],
  ...[false, true].map(
    (everywhere) =>
      [
        everywhere ? 'was unbound everywhere' : 'was unbound on another device',
        ({ stores, elsewhere: caller }: Scene) => {
          const { userId } = caller
          return stores.identities.unbind({ userId, appId: 'wx1', everywhere, caller, rules })
        },
        gone,
      ] as const,
  ),
  [
    'was signed out by an administrator',
    ({ stores, caller }) => stores.people.endSessions({ userId: caller.userId }),
    gone,
  ],
  [
    'was disabled',
    ({ stores, caller }) => stores.people.disable(caller.userId, now),
    'user_disabled',
  ],
  ['was removed', ({ stores, caller }) => stores.users.remove(caller.userId), gone],
]

export function describeCallers(make: MakeStores): void {
  describe.each(verbs)('%s', (name, run) => {
    it.each(causes)('refuses a caller who %s in the moment before', async (_, cause, reason) => {
      const scene = await openScene(make)
      const { stores, caller } = scene
      const first = cause(scene)
      // A read waits for no write.
      if (name === 'callerKeys' || !stores.writesInOrder) await first
      const [, result] = await Promise.all([first, run(scene, caller)])
      expect(result).toBe(reason)
      const left = await describeUser(scene)
      expect(await stores.sessions.find(scene.hong.session.id)).not.toBeNull()
      // Both scenes may be in one database, which is emptied for the second one.
      const only = await openScene(make)
      await cause(only)
      expect(left).toEqual(await describeUser(only))
    })

    it('refuses a user who was enabled again, one who was merged, and a session that is none of theirs', async () => {
      const scene = await openScene(make)
      const { stores, caller, hong, ming } = scene
      const other = { ...caller, sessionId: hong.session.id }
      for (const refused of [
        other,
        { ...caller, sessionId: 'unknown' },
        { ...caller, userId: 'unknown' },
        { ...caller, now: ming.session.expiresAt },
      ])
        expect(await run(scene, refused)).toBe(gone)
      await noteConflict(stores, { userIds: [hong.user.id, ming.user.id] })
      await mergePair(stores, 'm1', orderOf(hong.user.id, ming.user.id))
      expect(await run(scene, caller)).toBe(gone)
      const again = await openScene(make)
      await again.stores.people.disable(caller.userId, now)
      await again.stores.people.enable(caller.userId)
      expect(await run(again, caller)).toBe(gone)
    })

    it('does its work for a caller whose session is live', async () => {
      const scene = await openScene(make)
      const { caller, ming } = scene
      const late = { ...caller, now: ming.session.expiresAt - 1 }
      const result = await run(scene, late)
      expect(['unauthenticated', 'user_disabled', 'unproven', 'outdated', 'last']).not.toContain(
        result,
      )
    })
  })
}

/** What the verbs change, without the ids and addresses that no two scenes share. */
async function describeUser({ stores, caller: { userId } }: Scene) {
  const sessions = await stores.sessions.list(userId, now)
  const [user] = await snapshotOf(stores, [userId])
  const text = JSON.stringify([user, sessions.map(({ appId, createdAt }) => [appId, createdAt])])
  return JSON.parse(text.replaceAll(/-\d{5}/g, '').replaceAll(/https:[^"]*/g, 'address'))
}
