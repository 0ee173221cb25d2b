import type pg from 'pg'
import { beforeAll, expect, it } from 'vitest'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { explore } from './interleaving.ts'
import {
  hour,
  newIdentity,
  newSession,
  now,
  openNode,
  rules,
  signIn,
  type TestNode,
  unique,
} from './nodes.ts'
import { insertIdentities, insertSessions, insertUsers } from './scene-rows.ts'

/**
 * `kept` with an identity in wx1, `gone` in wx1 and wx2, and `third` in wx3, whom the unionid `u` proves to be one person.
 * All are signed in.
 */
interface Scene {
  readonly kept: string
  readonly gone: string
  readonly third: string
  readonly mergeId: string
}

const openidOf = (userId: string, appId: string): string => `${userId} ${appId}`
const owned = (userId: string, appId: string) =>
  newIdentity({ appId, openid: openidOf(userId, appId), unionid: 'u' })
const sessionOf = (userId: string): string => `session of ${userId}`

async function prepare(client: pg.Client): Promise<Scene> {
  await client.query('delete from users; delete from tickets')
  const serial = unique('')
  // Ids in no fixed order, because locks follow their order.
  const [a, b, c] = [`a${serial}`, `b${serial}`, `c${serial}`].sort(() => Math.random() - 0.5)
  const [kept, gone, third] = [a ?? '', b ?? '', c ?? '']
  await insertUsers(client, [kept, gone, third])
  const identities = [
    [kept, 'wx1'],
    [gone, 'wx1'],
    [gone, 'wx2'],
    [third, 'wx3'],
  ] as const
  const rows = identities.map(([userId, appId]) => ({
    ...{ userId, appId, openid: openidOf(userId, appId), unionid: 'u' },
  }))
  await insertIdentities(client, rows)
  const signedIn = rows.filter(({ appId }) => appId !== 'wx2')
  await insertSessions(
    client,
    signedIn.map((row) => ({ ...row, id: sessionOf(row.userId) })),
  )
  await client.query(
    `insert into unionid_conflicts select distinct 'u', a.user_id, b.user_id, $1::bigint
     from identities a join identities b on a.user_id < b.user_id`,
    [now],
  )
  return { kept, gone, third, mergeId: unique('merge') }
}

/** The same with `gone` merged into `kept`. */
const prepareMerged = (node: () => TestNode) => async (client: pg.Client) => {
  const scene = await prepare(client)
  expect(await verbs['a merge'](node(), scene)).toMatchObject({ id: scene.mergeId })
  return scene
}

const orderOf = (one: string, other: string, keepUserId: string) => {
  const [firstUserId = one, secondUserId = other] = [one, other].sort()
  return { unionid: 'u', firstUserId, secondUserId, keepUserId }
}
const merge = ({ stores }: TestNode, id: string, order: ReturnType<typeof orderOf>) =>
  stores.merges.merge(order, { id, adminId: 'root', at: now, undoUntil: now + hour, rules })

const bind = ({ stores }: TestNode, userId: string, identity = newIdentity({ appId: 'wx4' })) =>
  stores.identities.bind({
    claim: { identity, ticketHash: null },
    userId,
    passwordHash: 'hash',
    session: newSession({ appId: identity.appId }),
  })
const unbind = ({ stores }: TestNode, userId: string, appId: string, everywhere = false) =>
  stores.identities.unbind({ userId, appId, everywhere, caller: null, rules })
const refresh = ({ stores }: TestNode, userId: string) =>
  stores.sessions.refresh({
    ...{
      sessionId: sessionOf(userId),
      presented: { counter: 0, variant: 0, wasNewest: false },
      now,
    },
    ...{ expiresAt: now + hour, secret: 'secret' },
  })
const enter = (node: TestNode, userId: string, appId: string) =>
  signIn(node, owned(userId, appId), newSession({ appId }))

type Verb = (node: TestNode, scene: Scene) => Promise<unknown>

const verbs = {
  'a merge': (node, { mergeId, kept, gone }) => merge(node, mergeId, orderOf(kept, gone, kept)),
  'a merge the other way round': (node, { kept, gone }) =>
    merge(node, unique('merge'), orderOf(kept, gone, gone)),
  'a merge again': (node, { kept, gone }) =>
    merge(node, unique('merge'), orderOf(kept, gone, kept)),
  'a merge of the third user into the kept one': (node, { kept, third }) =>
    merge(node, unique('merge'), orderOf(kept, third, kept)),
  'a merge of the kept user into the third one': (node, { kept, third }) =>
    merge(node, unique('merge'), orderOf(kept, third, third)),
  'an undo': ({ stores }, { mergeId }) => stores.merges.undo(mergeId, rules),
  'a sign-in by an identity that moves': (node, { gone }) => enter(node, gone, 'wx2'),
  'a sign-in by an identity that stays': (node, { gone }) => enter(node, gone, 'wx1'),
  'a sign-in of the kept user': (node, { kept }) => enter(node, kept, 'wx1'),
  'a first sign-in in another app': (node) =>
    signIn(node, newIdentity({ appId: 'wx5', unionid: 'u' }), newSession({ appId: 'wx5' })),
  'a binding to the kept user': (node, { kept }) => bind(node, kept),
  'a binding to the user who goes': (node, { gone }) => bind(node, gone),
  'a binding of the same unionid': (node, { third }) =>
    bind(node, third, newIdentity({ appId: 'wx4', unionid: 'u' })),
  'a binding to the kept user in the app of the identity that moves': (node, { kept }) =>
    bind(node, kept, newIdentity({ appId: 'wx2' })),
  'an unbinding of the kept user': (node, { kept }) => unbind(node, kept, 'wx1'),
  'an unbinding of the identity that moves': (node, { gone }) => unbind(node, gone, 'wx2'),
  'an unbinding everywhere': (node, { gone }) => unbind(node, gone, 'wx1', true),
  'a refresh of the kept user': (node, { kept }) => refresh(node, kept),
  'a refresh of the user who goes': (node, { gone }) => refresh(node, gone),
  'a removal of the kept user': ({ stores }, { kept }) => stores.people.remove(kept),
  'a removal of the user who goes': ({ stores }, { gone }) => stores.users.remove(gone),
  'a removal of the third user': ({ stores }, { third }) => stores.people.remove(third),
  'a disabling of the user who goes': ({ stores }, { gone }) => stores.people.disable(gone, now),
  'a change of a password': ({ stores }, { gone: userId }) =>
    stores.users.changePassword({
      ...{ from: 'hash', to: 'new', provenBy: null },
      caller: { userId, sessionId: sessionOf(userId), now },
    }),
  'a number for the user who goes': ({ stores }, { gone: userId }) =>
    stores.users.setPhone({
      ...{ phone: '13800000001', rules },
      provenBy: { appId: 'wx1', openid: openidOf(userId, 'wx1') },
      caller: { userId, sessionId: sessionOf(userId), now },
    }),
} satisfies Record<string, Verb>

type VerbName = keyof typeof verbs
const names = Object.keys(verbs) as VerbName[]

/** No merge is lost and none happens twice. */
async function checkMerges({ client }: { client: pg.Client }): Promise<void> {
  const { rows } = await client.query(
    `select 1 from users u where (merged_into is not null) <>
       ((select count(*) from merges m where m.gone_user_id = u.id and undone_at is null) = 1)
`,
  )
  expect(rows).toEqual([])
}

describePostgres('a merge from two nodes', () => {
  let url = ''
  beforeAll(async () => {
    url = await createTestDatabase()
  })

  it.each(names)('a merge beside %s', async (other) => {
    const [one, beside] = [verbs['a merge'], verbs[other]]
    await explore<Scene>(url, { prepare, one, other: beside, check: checkMerges })
  })

  it.each(names.filter((name) => name !== 'a merge'))('an undo beside %s', async (other) => {
    const node = await openNode(url)
    const [one, beside] = [verbs['an undo'], verbs[other]]
    const prepared = prepareMerged(() => node)
    await explore<Scene>(url, { prepare: prepared, one, other: beside, check: checkMerges })
  })

  it('one unionid that two bindings show at once is a conflict', async () => {
    await explore<Scene>(url, {
      prepare: async (client) => {
        const scene = await prepare(client)
        await client.query('update identities set unionid = null; delete from unionid_conflicts')
        return scene
      },
      one: (node, { kept }) => bind(node, kept, newIdentity({ appId: 'wx4', unionid: 'new' })),
      other: (node, { gone }) => bind(node, gone, newIdentity({ appId: 'wx5', unionid: 'new' })),
      check: ({ one, other }) => {
        expect([one, other]).toMatchObject([{ status: 'bound' }, { status: 'bound' }])
      },
    })
  })
})
