import { expect, it } from 'vitest'
import {
  createTestService,
  giveTestPhone,
  reasonOf,
  type TestService,
  testApps,
  testOrigin,
  testPassword,
} from '../../testing/index.ts'
import type { Credential } from './bind.ts'
import { signInRules } from './sign-in-rules.ts'

const day = 86_400_000
const phone = '13800000001'
const userId = 'ming'
const openid = 'openid of ming'
/** An app that was configured when the identity in it was bound. */
const formerApps = ['former1', 'former2'] as const

interface Case {
  readonly hasPassword: boolean
  readonly hasName: boolean
  readonly provenDaysAgo: number | null
  readonly unionid: string | null
  readonly apps: readonly string[]
  readonly unbound: string
  readonly everywhere: boolean
  readonly phoneTrust: number
}

/** Every combination of what a user may have, with each of the identities to be unbound. */
function* allCases(): Generator<Case> {
  const appSets = [
    ['wx1'],
    ['former1'],
    ['wx1', 'wx2'],
    ['wx1', 'former1'],
    ['former1', 'former2'],
    ['wx1', 'wx2', 'former1'],
    ['wx1', 'wx2', 'wx3'],
  ]
  for (const hasPassword of [false, true])
    for (const hasName of [false, true])
      for (const provenDaysAgo of [null, 0, 90, 91])
        for (const unionid of [null, 'one'])
          for (const phoneTrust of [0, 90 * day])
            for (const apps of appSets)
              for (const unbound of apps)
                for (const everywhere of [false, true]) {
                  const means = { hasPassword, hasName, provenDaysAgo, unionid, phoneTrust }
                  yield { ...means, apps, unbound, everywhere }
                }
}

/** The apps whose identities an unbinding removes. */
const removedBy = ({ apps, unbound, everywhere, unionid }: Case): readonly string[] =>
  everywhere && unionid !== null ? apps : [unbound]

const identityOf = (appId: string, unionid: string | null) => ({ appId, openid, unionid })

async function startWith(draft: Case): Promise<TestService> {
  const service = createTestService({ policy: { phoneTrust: draft.phoneTrust } })
  const { store, passwords, clock } = service
  const createdAt = clock.now()
  const name = draft.hasName ? 'ming' : null
  const user = {
    id: userId,
    account: name,
    accountKey: name,
    passwordHash: draft.hasPassword ? await passwords.hash(testPassword) : null,
    createdAt,
  }
  const [first = '', ...others] = draft.apps
  const claimIn = (appId: string) => ({
    claim: {
      identity: {
        ...identityOf(appId, draft.unionid),
        key: { sealed: `key in ${appId}`, fingerprint: appId },
      },
      ticketHash: null,
    },
    session: {
      id: `session in ${appId}`,
      appId,
      device: null,
      createdAt,
      expiresAt: createdAt + 1_000 * day,
      secret: 'secret',
    },
  })
  await store.identities.register({ ...claimIn(first), user })
  const { passwordHash } = user
  for (const appId of others)
    await store.identities.bind({ ...claimIn(appId), userId, passwordHash })
  if (draft.provenDaysAgo !== null) {
    giveTestPhone(service, userId, phone)
    clock.advance(draft.provenDaysAgo * day)
  }
  return service
}

/** Whether any call that a person can make signs in to the user. It knows nothing of the rule that is tested. */
async function signsIn({ users, wechat }: TestService, draft: Case) {
  const { apps, unbound, unionid } = draft
  const removed = removedBy(draft)
  const remaining = apps.filter((appId) => !removed.includes(appId))
  for (const appId of remaining) {
    const code = wechat.loginCode(identityOf(appId, unionid))
    const result = await users
      .miniLogin({ appId, code, origin: testOrigin })
      .catch(() => ({ status: 'refused' }) as const)
    if (result.status === 'signedIn' && result.user.id === userId) return true
  }
  const appId = testApps.find((app) => app === unbound) ?? 'wx1'
  const me = identityOf(appId, unionid)
  const bind = async (credential: Credential): Promise<boolean> => {
    const proof = { appId, code: wechat.loginCode(me) }
    const result = await users.bind({ proof, credential, origin: testOrigin }).catch(() => null)
    return result?.user.id === userId
  }
  for (const account of ['ming', phone, `+86${phone}`])
    if (await bind({ type: 'password', account, password: testPassword })) return true
  return bind({ type: 'phone', code: wechat.phoneCode({ ...me, phone }) })
}

/** What the carrier's next owner of the number does. */
async function claimByStranger({ users, wechat }: TestService): Promise<void> {
  const stranger = { appId: 'wx3', openid: 'stranger', unionid: 'other', phone }
  const proof = { appId: 'wx3', code: wechat.loginCode(stranger) }
  const credential = { type: 'phone', code: wechat.phoneCode(stranger) } as const
  await users.bind({ proof, credential, origin: testOrigin }).catch(() => null)
}

/** Unbinds, and returns whether the user can sign in so many days later. A refusal is overridden first. */
async function signsInLater(draft: Case, days: number) {
  const service = await startWith(draft)
  const { unbound: appId, everywhere } = draft
  const rules = signInRules(service.ports)
  const request = { userId, appId, everywhere, caller: null, rules }
  const result = await service.store.identities.unbind(request)
  if (result === 'last')
    for (const removed of removedBy(draft))
      service.store.state.identities.delete(`${removed} ${openid}`)
  service.clock.advance(days * day)
  if (days > 0) await claimByStranger(service)
  return { result, signsIn: await signsIn(service, draft) }
}

it('unbinding is refused where, and only where, no call would sign in any more, now or later', async () => {
  const wrong: unknown[] = []
  let refused = 0
  let cases = 0
  for (const draft of allCases()) {
    cases += 1
    const now = await signsInLater(draft, 0)
    const later = await signsInLater(draft, 1_000)
    const { result } = now
    if (result === 'last') refused += 1
    const isSafe = now.signsIn && later.signsIn
    if (isSafe !== (result === 'unbound')) wrong.push({ ...draft, result })
  }
  expect(wrong).toEqual([])
  expect(cases).toBe(1_792)
  expect(refused).toBeGreaterThan(50)
})

it.each(formerApps)(
  'an administrator cannot unbind the last way to sign in beside %s',
  async (former) => {
    const draft: Case = {
      hasPassword: true,
      hasName: false,
      provenDaysAgo: null,
      unionid: null,
      apps: ['wx1', former],
      unbound: 'wx1',
      everywhere: false,
      phoneTrust: 90 * day,
    }
    const service = await startWith(draft)
    const actor = { administrator: { id: 'root' } } as never
    const call = service.admin.unbindPerson(actor, { userId, appId: 'wx1' })
    expect(await reasonOf(call)).toBe('last_credential')
  },
)
