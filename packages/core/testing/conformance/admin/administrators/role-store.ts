import { describe, expect, it } from 'vitest'
import type { FactorProof, ProvenActor } from '../../../../src/admin/index.ts'
import { hour, newUser, now, race } from '../../drafts.ts'
import type { MakeStores, TestedStores } from '../../stores.ts'
import { addPerson } from '../people/people.ts'
import {
  enrolAdministrator,
  newAdminSession,
  newBrowser,
  openSession,
} from '../sign-in/administrators.ts'

const step = 60_000_000
const enrolment = { hash: 'new enrolment', expiresAt: now + hour }

/** Stores with the administrators `root` and `boss`, who have a second factor each, and the user `ming`. */
async function start(make: MakeStores): Promise<TestedStores> {
  const stores = await make()
  for (const id of ['root', 'boss']) {
    await addPerson(stores, { id, account: id, identities: [], sessions: 0 })
    await stores.makeAdmin(id)
    await enrolAdministrator(stores, id)
  }
  await addPerson(stores, { id: 'ming', account: 'ming' })
  return stores
}

const by = (adminId: string, proof: FactorProof = { step: step + 1 }): ProvenActor => ({
  adminId,
  sessionHash: `session of ${adminId}`,
  proof,
})

const idsOf = async ({ roles }: TestedStores) => (await roles.list(now)).map(({ id }) => id)

export function describeRoleStore(make: MakeStores): void {
  describe('the store of roles', () => {
    describe('list', () => listConforms(make))
    describe('add', () => addConforms(make))
    describe('remove', () => removeConforms(make))
    describe('resetFactor', () => resetConforms(make))
    describe('the last administrator', () => lastAdministratorConforms(make))
  })
}

function listConforms(make: MakeStores): void {
  it('has the administrators alone, with what they sign in with', async () => {
    const stores = await start(make)
    const user = newUser({ id: 'new', createdAt: now + 1 })
    await stores.roles.add({ user, enrolment, by: by('root') })
    await openSession(stores, { userId: 'boss', factor: 'full', lastSeenAt: now + 7 })
    await openSession(stores, { userId: 'root', factor: 'first', lastSeenAt: now + 9 })
    await stores.people.disable('boss', now + 8)
    const open = { lastSeenAt: null, enrolmentExpiresAt: null }
    const enrolled = { createdAt: now, hasSecondFactor: true, ...open }
    const listed = await stores.roles.list(now)
    expect([...listed].sort((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
      { id: 'boss', account: 'boss', disabledAt: now + 8, ...enrolled },
      {
        id: 'new',
        account: user.account,
        createdAt: now + 1,
        disabledAt: null,
        lastSeenAt: null,
        hasSecondFactor: false,
        enrolmentExpiresAt: enrolment.expiresAt,
      },
      // The session in which the app was enrolled.
      { id: 'root', account: 'root', disabledAt: null, ...enrolled, lastSeenAt: now },
    ])
    expect(listed.at(-1)?.id).toBe('new')
    const [, , later] = await stores.roles.list(enrolment.expiresAt)
    expect(later?.enrolmentExpiresAt).toBeNull()
  })

  it('shows when a complete session was last used, while it is open', async () => {
    const stores = await start(make)
    const session = await openSession(stores, { userId: 'boss', factor: 'full' })
    await stores.administrators.touch(session.hash, now + 7)
    const seenAt = async (at: number) =>
      (await stores.roles.list(at)).find(({ id }) => id === 'boss')?.lastSeenAt
    expect(await seenAt(session.expiresAt - 1)).toBe(now + 7)
    expect(await seenAt(session.expiresAt)).toBeNull()
  })
}

function addConforms(make: MakeStores): void {
  it('creates an administrator with an enrolment code, once of calls that race with one code', async () => {
    const stores = await start(make)
    const users = Array.from({ length: 4 }, () => newUser())
    const results = await Promise.all(
      users.map((user) => stores.roles.add({ user, enrolment, by: by('root') })),
    )
    expect([...results].sort()).toEqual(['added', ...Array(3).fill('proof_rejected')])
    const { id = '', account } = users[results.indexOf('added')] ?? {}
    expect(await idsOf(stores)).toHaveLength(3)
    expect(await stores.people.find(id)).toMatchObject({
      account,
      role: 'admin',
      hasPassword: true,
    })
    const { hash } = await openSession(stores, { userId: id })
    const draft = { hash, sealedSecret: 'secret', enrolmentHash: enrolment.hash, now }
    expect(await stores.administrators.draftSecret(draft)).toBe(true)
  })

  it('changes no user who exists, and consumes no code then', async () => {
    const stores = await start(make)
    const user = newUser({ account: 'ming', accountKey: 'ming' })
    const request = { user, enrolment, by: by('root') }
    expect(await stores.roles.add(request)).toBe('account_taken')
    expect(await stores.people.find('ming')).toMatchObject({ role: 'user' })
    expect(await stores.roles.add({ ...request, user: newUser() })).toBe('added')
  })

  it('takes no code of a user, of a disabled administrator, or of one who lost the role', async () => {
    const stores = await start(make)
    const add = (adminId: string, proof?: FactorProof) =>
      stores.roles.add({ user: newUser(), enrolment, by: by(adminId, proof) })
    expect(await add('ming')).toBe('proof_rejected')
    expect(await add('unknown')).toBe('proof_rejected')
    expect(await add('root', { step })).toBe('proof_rejected')
    expect(await add('root', { recoveryHash: 'recovery of boss' })).toBe('proof_rejected')
    await stores.people.disable('boss', now)
    expect(await add('boss')).toBe('proof_rejected')
    await stores.people.enable('boss')
    expect(await stores.roles.remove({ userId: 'boss', by: by('root') })).toBe('removed')
    expect(await add('boss')).toBe('proof_rejected')
    expect(await idsOf(stores)).toEqual(['root'])
  })

  it('takes no code for a session that has ended, or is another administrator’s', async () => {
    const stores = await start(make)
    const add = (sessionHash: string) =>
      stores.roles.add({ user: newUser(), enrolment, by: { ...by('root'), sessionHash } })
    expect(await add('session of boss')).toBe('proof_rejected')
    const first = await openSession(stores, { userId: 'root' })
    expect(await add(first.hash)).toBe('proof_rejected')
    await stores.administrators.end('session of root')
    expect(await add('session of root')).toBe('proof_rejected')
    const reset = { userId: 'boss', enrolment, by: by('root') }
    expect(await stores.roles.resetFactor(reset)).toBe('proof_rejected')
    expect(await stores.roles.remove(reset)).toBe('proof_rejected')
    const { hash } = await openSession(stores, { userId: 'root', factor: 'full' })
    expect(await add(hash)).toBe('added')
  })
}

function removeConforms(make: MakeStores): void {
  it('leaves an ordinary user with name and password, and ends the rest', async () => {
    const stores = await start(make)
    const session = await openSession(stores, { userId: 'boss', factor: 'full' })
    const request = { userId: 'boss', by: by('root') }
    expect(await stores.roles.remove(request)).toBe('removed')
    expect(await stores.people.find('boss')).toMatchObject({
      role: 'user',
      account: 'boss',
      hasPassword: true,
      disabledAt: null,
    })
    expect(await stores.administrators.find(session.hash)).toBeNull()
    expect(await stores.administrators.secondFactorOf('boss')).toBeNull()
    expect(await idsOf(stores)).toEqual(['root'])
    expect(await stores.roles.remove({ ...request, by: by('root', { step: step + 2 }) })).toBe(
      'not_found',
    )
  })

  it('finds no user who is no administrator, and consumes no code then', async () => {
    const stores = await start(make)
    for (const userId of ['ming', 'unknown'])
      expect(await stores.roles.remove({ userId, by: by('root') })).toBe('not_found')
    expect(await stores.roles.remove({ userId: 'boss', by: by('root', { step }) })).toBe(
      'proof_rejected',
    )
    expect(await stores.roles.remove({ userId: 'boss', by: by('root') })).toBe('removed')
  })
}

function resetConforms(make: MakeStores): void {
  it('replaces the factor by an enrolment code, and ends sessions and known browsers', async () => {
    const stores = await start(make)
    const { administrators } = stores
    const session = await openSession(stores, { userId: 'boss', factor: 'full' })
    const known = { hash: 'browser of boss', userId: 'boss', now }
    expect(await administrators.knowsBrowser(known)).toBe(true)
    const request = { userId: 'boss', enrolment, by: by('root') }
    expect(await stores.roles.resetFactor(request)).toBe('reset')
    expect(await administrators.find(session.hash)).toBeNull()
    expect(await administrators.secondFactorOf('boss')).toBeNull()
    expect(await administrators.knowsBrowser(known)).toBe(false)
    await enrolAdministrator(stores, 'boss', enrolment)
    const complete = {
      from: (await openSession(stores, { userId: 'boss' })).hash,
      to: newAdminSession({ userId: 'boss', factor: 'full' }),
      proof: { recoveryHash: 'recovery of boss' },
      browser: newBrowser(),
    }
    expect(await administrators.complete(complete)).toBe(true)
  })

  it('refuses what remove refuses', async () => {
    const stores = await start(make)
    const reset = (userId: string, actor: ProvenActor) =>
      stores.roles.resetFactor({ userId, enrolment, by: actor })
    expect(await reset('ming', by('root'))).toBe('not_found')
    expect(await reset('boss', by('root', { step }))).toBe('proof_rejected')
    expect(await reset('boss', by('root'))).toBe('reset')
    expect(await reset('root', by('root', { step: step + 2 }))).toBe('last_administrator')
  })
}

function lastAdministratorConforms(make: MakeStores): void {
  type Verb = readonly [
    name: string,
    run: (stores: TestedStores, actor: string, userId: string) => Promise<string>,
  ]
  const verbs: readonly Verb[] = [
    ['disable', ({ people }, _actor, userId) => people.disable(userId, now)],
    ['delete', ({ people }, _actor, userId) => people.remove(userId)],
    ['remove', ({ roles }, actor, userId) => roles.remove({ userId, by: by(actor) })],
    [
      'reset the factor of',
      ({ roles }, actor, userId) => roles.resetFactor({ userId, enrolment, by: by(actor) }),
    ],
  ]
  const pairs = verbs.flatMap(([one, run]) =>
    verbs.map(([other, runOther]) => [one, other, run, runOther] as const),
  )
  it.each(pairs)(
    'remains of two of whom one would %s and the other %s the other',
    async (_one, _other, run, runOther) => {
      const stores = await start(make)
      const results = await Promise.all([
        run(stores, 'root', 'boss'),
        runOther(stores, 'boss', 'root'),
      ])
      const isDone = (result: string) => /^(disabled|removed|reset)$/.test(result)
      expect(results.filter(isDone)).toHaveLength(1)
      const refused = results.find((result) => !isDone(result))
      expect(refused).toMatch(/^(last_administrator|proof_rejected)$/)
      const left = results.findIndex(isDone) === 0 ? 'root' : 'boss'
      expect(await stores.people.find(left)).toMatchObject({ role: 'admin', disabledAt: null })
      expect(await stores.administrators.secondFactorOf(left)).not.toBeNull()
    },
  )

  it('is one with a second factor: others do not count, and can go', async () => {
    const stores = await start(make)
    await stores.roles.resetFactor({ userId: 'boss', enrolment, by: by('root') })
    expect(await stores.people.disable('root', now)).toBe('last_administrator')
    expect(await stores.people.remove('root')).toBe('last_administrator')
    expect(await stores.people.remove('boss')).toBe('removed')
  })

  it('remains of many who are removed at once', async () => {
    const stores = await start(make)
    for (const id of ['a', 'b', 'c']) {
      await addPerson(stores, { id, account: `account of ${id}` })
      await stores.makeAdmin(id)
      await enrolAdministrator(stores, id)
    }
    const ids = ['root', 'boss', 'a', 'b', 'c']
    const results = await race(5, (index) => stores.people.remove(ids[index] ?? ''))
    expect(results.filter((result) => result === 'removed')).toHaveLength(4)
    const last = results.indexOf('last_administrator')
    expect(await idsOf(stores)).toEqual([ids[last]])
  })
}
