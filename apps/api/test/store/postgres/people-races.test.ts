import type pg from 'pg'
import { beforeAll, expect, it } from 'vitest'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { explore } from './interleaving.ts'
import {
  hour,
  newIdentity,
  newSession,
  now,
  rules,
  signIn,
  type TestNode,
  unique,
} from './nodes.ts'
import { insertIdentities, insertSessions, insertUsers } from './scene-rows.ts'

/** A user with a password, a number, a picture and two identities, who is signed in. */
interface Scene {
  readonly userId: string
  readonly sessionId: string
  readonly identity: ReturnType<typeof newIdentity>
  readonly second: ReturnType<typeof newIdentity>
  /** Another user with one identity, who is signed in. */
  readonly other: { readonly userId: string; readonly sessionId: string; readonly openid: string }
}

async function prepare(client: pg.Client): Promise<Scene> {
  await client.query('delete from users; delete from tickets; delete from unionid_conflicts')
  const [userId, sessionId] = [unique('user'), unique('session')]
  const [identity, second] = [newIdentity(), newIdentity({ appId: 'wx2' })]
  const other = { userId: unique('user'), sessionId: unique('session'), openid: unique('openid') }
  await insertUsers(client, [userId, other.userId])
  await insertIdentities(client, [
    { ...identity, userId },
    { ...second, userId, boundBy: 'password' },
    { appId: 'wx1', openid: other.openid, userId: other.userId },
    { appId: 'wx2', openid: `${other.openid} 2`, userId: other.userId },
  ])
  await insertSessions(client, [
    { id: sessionId, userId, appId: 'wx1' },
    { id: other.sessionId, userId: other.userId, appId: 'wx1' },
  ])
  return { userId, sessionId, identity, second, other }
}

const callerOf = ({ userId, sessionId }: Pick<Scene, 'userId' | 'sessionId'>) => ({
  userId,
  sessionId,
  now,
})
const provenBy = ({ identity: { appId, openid } }: Scene) => ({ appId, openid })

type Verb = (node: TestNode, scene: Scene) => Promise<unknown>

const verbs = {
  'a sign-in': (node, { identity }) => signIn(node, identity),
  'a sign-in in another app': (node, { second }) =>
    signIn(node, second, newSession({ appId: 'wx2' })),
  'a binding by the password': ({ stores }, { userId }) =>
    stores.identities.bind({
      claim: { identity: newIdentity({ appId: 'wx3' }), ticketHash: null },
      userId,
      passwordHash: 'hash',
      session: newSession({ appId: 'wx3' }),
    }),
  'a binding by a ticket': async ({ stores }, { userId }) => {
    const identity = newIdentity({ appId: 'wx3' })
    const hash = unique('ticket')
    await stores.tickets.issue({ hash, identity, expiresAt: now + hour }, now)
    const session = newSession({ appId: 'wx3' })
    const claim = { identity, ticketHash: hash }
    return stores.identities.bind({ claim, userId, passwordHash: 'hash', session })
  },
  'a refresh': ({ stores }, { sessionId }) =>
    stores.sessions.refresh({
      sessionId,
      presented: { counter: 0, variant: 0, wasNewest: false },
      now,
      expiresAt: now + hour,
      secret: 'secret',
    }),
  'a sign-out': ({ stores }, { userId, sessionId }) =>
    stores.sessions.end({ id: sessionId, userId }),
  'a sign-out everywhere else': ({ stores }, scene) => stores.sessions.endOthers(callerOf(scene)),
  'an unbinding': ({ stores }, { userId }) =>
    stores.identities.unbind({ userId, appId: 'wx2', everywhere: false, caller: null, rules }),
  'an unbinding everywhere': ({ stores }, { userId }) =>
    stores.identities.unbind({ userId, appId: 'wx1', everywhere: true, caller: null, rules }),
  'a new profile': ({ stores }, scene) =>
    stores.users.updateProfile(callerOf(scene), { nickname: 'New' }),
  'a new picture': ({ stores }, scene) =>
    stores.avatars.keep(callerOf(scene), { type: 'png', bytes: Uint8Array.of(1, 2) }),
  'a change of the password': ({ stores }, scene) =>
    stores.users.changePassword({
      caller: callerOf(scene),
      from: 'hash',
      to: 'new',
      provenBy: null,
    }),
  'a new number': ({ stores }, scene) =>
    stores.users.setPhone({
      caller: callerOf(scene),
      provenBy: provenBy(scene),
      phone: '13800000001',
      rules,
    }),
  'the number for another user': ({ stores }, { other }) =>
    stores.users.setPhone({
      caller: callerOf(other),
      provenBy: { appId: 'wx1', openid: other.openid },
      phone: '13800000001',
      rules,
    }),
  'a removal by the user': ({ stores }, scene) =>
    stores.users.removeCaller({ caller: callerOf(scene), provenBy: provenBy(scene) }),
  'a removal by an administrator': ({ stores }, { userId }) => stores.people.remove(userId),
  'a disabling': ({ stores }, { userId }) => stores.people.disable(userId, now),
  'the end of the sessions': ({ stores }, { userId }) => stores.people.endSessions({ userId }),
  'the end of the password': ({ stores }, { userId }) => stores.people.clearPassword(userId, rules),
  'the end of the number': ({ stores }, { userId }) => stores.people.clearPhone(userId, rules),
} satisfies Record<string, Verb>

type VerbName = keyof typeof verbs

const names = Object.keys(verbs) as VerbName[]
const pairs: readonly (readonly [VerbName, VerbName])[] = [
  ...names.map((other) => ['a removal by an administrator', other] as const),
  ...names.map((other) => ['a disabling', other] as const),
  ['a removal by the user', 'a sign-in'],
  ['a removal by the user', 'an unbinding everywhere'],
  ['a removal by the user', 'a change of the password'],
  ['a change of the password', 'a binding by the password'],
  ['a change of the password', 'a change of the password'],
  ['a change of the password', 'a sign-out everywhere else'],
  ['a change of the password', 'an unbinding everywhere'],
  ['a new number', 'the number for another user'],
  ['a new number', 'the end of the number'],
  ['a new number', 'an unbinding everywhere'],
  ['the end of the password', 'a binding by the password'],
  ['the end of the password', 'a change of the password'],
]

/** What must have come of a verb that succeeded, as queries for rows that contradict it. */
const contradictions: Partial<Record<VerbName, (result: unknown) => string>> = {
  'a removal by the user': (result) =>
    result === 'removed' ? 'select 1 from users where id = $1' : 'select 1 where $1::text is null',
  'a removal by an administrator': () => `select 1 from users where id = $1
    union all select 1 from tickets where used_by = $1`,
  'a change of the password': (result) =>
    // Who was bound by the password of before is signed out.
    result === 'changed'
      ? "select 1 from sessions where user_id = $1 and app_id = 'wx3'"
      : 'select 1 from sessions where user_id = $1 and false',
  'the end of the password': () =>
    `select 1 from sessions where user_id = $1 and app_id = 'wx3'
     union all select 1 from users where id = $1 and password_hash = 'hash'`,
}

describePostgres('two verbs on one user from two nodes', () => {
  let url = ''
  beforeAll(async () => {
    url = await createTestDatabase()
  })

  it.each(pairs)('%s beside %s', async (one, other) => {
    await explore<Scene>(url, {
      prepare,
      one: verbs[one],
      other: verbs[other],
      check: async ({ client, scene: { userId }, one: result }) => {
        const text = contradictions[one]?.(result)
        if (text !== undefined) expect((await client.query(text, [userId])).rows).toEqual([])
      },
    })
  })
})
