import { describe, expect, it } from 'vitest'
import { enrolTestAdmin, reasonOf, startSecondSignIn } from '../../../testing/index.ts'
import { maxOverlap } from './draft-service-key.ts'

const hour = 3_600_000
const created = { name: 'pay', scopes: ['users:read', 'users:read'] as const }

describe('a service key in the console', () => {
  it('is created with a code, shown once, and stored as a hash', async () => {
    const { service, actor, adminId, code } = await startSecondSignIn()
    const { admin, store, clock } = service
    const { id, key } = await admin.createServiceKey(actor, { ...created, code: code() })
    expect(id).toMatch(/^key-/)
    expect(await admin.listServiceKeys(actor)).toEqual([
      {
        ...{ id, name: 'pay', scopes: ['users:read'], createdBy: adminId, revokedAt: null },
        creatorName: actor.administrator.account,
        createdAt: clock.now(),
        secrets: [{ createdAt: clock.now(), expiresAt: null, lastUsedAt: null }],
      },
    ])
    expect([...store.state.serviceKeySecrets.keys()]).toEqual([`hash of ${key}`])
    expect(service.events.at(-2)).toMatchObject({
      action: 'admin.serviceKeys.create',
      outcome: 'ok',
      adminId,
      userId: id,
    })
    expect(JSON.stringify(service.events)).not.toContain(key)
  })

  it('is not created without a name, a scope, a free name or the code', async () => {
    const { service, actor, code } = await startSecondSignIn()
    const { admin } = service
    const create = (change: object) =>
      admin.createServiceKey(actor, { ...created, code: code(), ...change })
    for (const name of ['', ' pay', 'a b', 'a\n', '-pay', 'a'.repeat(65)])
      expect(await reasonOf(create({ name }))).toBe('invalid_input')
    expect(await reasonOf(create({ scopes: [] }))).toBe('invalid_input')
    expect(await reasonOf(create({ code: '000000' }))).toBe('credential_rejected')
    await create({})
    service.clock.advance(30_000)
    expect(await reasonOf(create({}))).toBe('account_taken')
    await create({ name: '支付-2' })
    expect(await reasonOf(create({ name: 'other' }))).toBe('credential_rejected')
  })

  it('is rotated with a code, and both secrets are accepted for a day or as long as is asked for', async () => {
    const { service, actor, code } = await startSecondSignIn()
    const { admin, ports, clock } = service
    const { id, key } = await admin.createServiceKey(actor, { ...created, code: code() })
    const rotate = (change: object) => {
      clock.advance(30_000)
      return admin.rotateServiceKey(actor, { id, code: code(), ...change })
    }
    const next = await rotate({})
    expect(next.previousUntil).toBe(clock.now() + 24 * hour)
    const find = (text: string) => ports.serviceKeys.find(`hash of ${text}`, clock.now())
    for (const each of [key, next.key]) expect(await find(each)).toMatchObject({ id })
    const last = await rotate({ overlap: 0 })
    expect(await Promise.all([key, next.key].map(find))).toEqual([null, null])
    expect(await find(last.key)).toMatchObject({ id })
    for (const overlap of [-1, maxOverlap + 1, Number.NaN])
      expect(await reasonOf(rotate({ overlap }))).toBe('invalid_input')
    expect(await reasonOf(rotate({ code: '000000' }))).toBe('credential_rejected')
    expect(await reasonOf(rotate({ id: 'unknown' }))).toBe('not_found')
  })

  it('is revoked without a code, once', async () => {
    const { service, actor, code } = await startSecondSignIn()
    const { admin, ports, clock } = service
    const { id, key } = await admin.createServiceKey(actor, { ...created, code: code() })
    await admin.revokeServiceKey(actor, id)
    expect(await ports.serviceKeys.find(`hash of ${key}`, clock.now())).toBeNull()
    expect(await reasonOf(admin.revokeServiceKey(actor, id))).toBe('not_found')
    expect(await reasonOf(admin.revokeServiceKey(actor, 'unknown'))).toBe('not_found')
    clock.advance(30_000)
    const rotation = admin.rotateServiceKey(actor, { id, code: code() })
    expect(await reasonOf(rotation)).toBe('not_found')
  })

  it('is not created by an administrator who was disabled meanwhile', async () => {
    const { service, actor, adminId, code } = await startSecondSignIn()
    await enrolTestAdmin(service, 'boss')
    await service.ports.people.disable(adminId, 1)
    const creation = service.admin.createServiceKey(actor, { ...created, code: code() })
    expect(await reasonOf(creation)).toBe('credential_rejected')
    expect(service.store.state.serviceKeys.size).toBe(0)
  })
})
