import { expect, it } from 'vitest'
import {
  createTestService,
  reasonOf,
  type TestService,
  testOrigin,
  testPassword,
} from '../../../testing/index.ts'
import { signInRules } from '../../identity/sign-in-rules.ts'
import { type Actor, canStillSignIn } from '../../index.ts'
import type { AdminActor } from '../sign-in/administrator.ts'

interface Draft {
  readonly id: string
  readonly hasName: boolean
  readonly hasPassword: boolean
  readonly hasNumber: boolean
  /** `former`: an app that is configured no longer. */
  readonly appId: 'wx1' | 'wx2' | 'former'
}

const numbers: Readonly<Record<string, string>> = { kept: '13800000001', gone: '13800000002' }
const openidOf = ({ id }: Draft) => `openid of ${id}`
const passwordOf = ({ id }: Pick<Draft, 'id'>) => `${testPassword} of ${id}`
const admin = { administrator: { id: 'root' }, origin: testOrigin } as AdminActor
const conflict = { unionid: 'union', firstUserId: 'gone', secondUserId: 'kept' }
const order = { ...conflict, keepUserId: 'kept' }

/** Every combination of name, password, number and app. */
function* draftsOf(id: string): Generator<Draft> {
  for (const appId of ['wx1', 'wx2', 'former'] as const)
    for (const hasName of [false, true])
      for (const hasPassword of [false, true])
        for (const hasNumber of [false, true]) yield { id, hasName, hasPassword, hasNumber, appId }
}

async function start(...drafts: readonly Draft[]): Promise<TestService> {
  const service = createTestService()
  const { state } = service.store
  const createdAt = service.clock.now()
  for (const draft of drafts) {
    const { id, appId } = draft
    const account = draft.hasName ? id : null
    const passwordHash = draft.hasPassword ? await service.passwords.hash(passwordOf(draft)) : null
    const user = { id, account, accountKey: account, passwordHash, createdAt }
    const identity = {
      appId,
      openid: openidOf(draft),
      unionid: null,
      key: { sealed: id, fingerprint: id },
    }
    const session = {
      id: `session of ${id}`,
      secret: id,
      appId,
      device: null,
      createdAt,
      expiresAt: createdAt + 1e12,
    }
    await service.store.identities.register({
      claim: { identity, ticketHash: null },
      user,
      session,
    })
    const row = state.users.get(id)
    if (row && draft.hasNumber)
      state.users.set(id, { ...row, phone: numbers[id] ?? null, phoneProvenAt: createdAt })
  }
  state.conflicts.set('union gone kept', { ...conflict, detectedAt: createdAt })
  return service
}

/** Which user each call signs in to that the two people can make: by WeChat, and by every name with every password. */
async function waysIn(service: TestService, drafts: readonly Draft[]): Promise<Set<string>> {
  const { users, wechat, store } = service
  const identities = new Map(store.state.identities)
  const found = new Set<string>()
  for (const draft of drafts) {
    const me = { appId: draft.appId, openid: openidOf(draft) }
    if (me.appId === 'former') continue
    const launch = { appId: me.appId, code: wechat.loginCode(me), origin: testOrigin }
    const result = await users.miniLogin(launch).catch(() => null)
    if (result?.status === 'signedIn') found.add(result.user.id)
  }
  let count = 0
  for (const account of ['kept', 'gone', ...Object.values(numbers)])
    for (const { id } of drafts) {
      const stranger = { appId: 'wx3', openid: `stranger ${++count}` }
      const proof = { appId: 'wx3', code: wechat.loginCode(stranger) }
      const credential = { type: 'password', account, password: passwordOf({ id }) } as const
      const origin = { ...testOrigin, address: `203.0.113.${count}` }
      const bound = await users.bind({ proof, credential, origin }).catch(() => null)
      if (bound) found.add(bound.user.id)
    }
  // As it was before these calls.
  store.state.limits.clear()
  store.state.identities.clear()
  for (const [key, row] of identities) store.state.identities.set(key, row)
  return found
}

const everyPair = (): [Draft, Draft][] =>
  [...draftsOf('kept')].flatMap((kept) =>
    [...draftsOf('gone')].map((gone): [Draft, Draft] => [kept, gone]),
  )

it('the kept user can sign in where one of the two could, and an undo gives each back what it had', async () => {
  const wrong: unknown[] = []
  for (const drafts of everyPair()) {
    const service = await start(...drafts)
    const before = await waysIn(service, drafts)
    const { id } = await service.admin.merge(admin, order)
    const merged = await waysIn(service, drafts)
    // A password of the kept user that nothing was left for may get a name or a number.
    if ((before.size > 0 && !merged.has('kept')) || merged.has('gone')) wrong.push(drafts)
    await service.admin.undoMerge(admin, id)
    const after = await waysIn(service, drafts)
    if ([...after].sort().join() !== [...before].sort().join()) wrong.push(['undo', ...drafts])
  }
  expect(wrong).toEqual([])
})

/** What the kept user may do before the undo; each may be refused. */
const changes: readonly ((
  service: TestService,
  kept: Actor,
  drafts: [Draft, Draft],
) => Promise<unknown>)[] = [
  ({ users }, kept, [{ appId }]) => users.unbind(kept, { appId }),
  ({ users }, kept, [, { appId }]) => users.unbind(kept, { appId }),
  ({ users }, kept, [draft]) =>
    users.changePassword(kept, {
      currentPassword: passwordOf(draft),
      newPassword: 'changed horse',
    }),
  ({ users }, kept, [, draft]) =>
    users.changePassword(kept, {
      currentPassword: passwordOf(draft),
      newPassword: 'changed horse',
    }),
  ({ users, wechat }, kept, [draft]) => {
    const { appId } = draft
    const me = { appId, openid: openidOf(draft), phone: '13800000003' }
    return users.bindPhone(kept, wechat.phoneCode(me))
  },
]

it('an undo leaves the kept user a way to sign in, or is refused', async () => {
  const wrong: unknown[] = []
  const refusals = { last: 0, undone: 0 }
  for (const drafts of everyPair())
    for (const [index, change] of changes.entries()) {
      const service = await start(...drafts)
      const { users, identities } = service.store.state
      const canSignIn = () => {
        const user = users.get('kept')
        const own = [...identities.values()].filter(({ userId }) => userId === 'kept')
        return (
          user !== undefined &&
          canStillSignIn({ ...user, identities: own }, signInRules(service.ports))
        )
      }
      const before = canSignIn()
      const { id } = await service.admin.merge(admin, order)
      const caller = await service.store.sessions.find('session of kept')
      if (caller === null) throw new Error('the session of the kept user is gone')
      await change(service, { caller, origin: testOrigin }, drafts).catch(() => null)
      const merged = canSignIn()
      const undo = service.admin.undoMerge(admin, id)
      const reason = await undo.then(
        () => 'undone',
        () => reasonOf(undo),
      )
      refusals[reason === 'undone' ? 'undone' : 'last'] += 1
      const isLost = before && merged && !canSignIn()
      if (isLost || !['undone', 'last_credential'].includes(reason))
        wrong.push({ drafts, index, reason })
    }
  expect(wrong).toEqual([])
  expect(refusals.last).toBeGreaterThan(20)
  expect(refusals.undone).toBeGreaterThan(2_000)
})
