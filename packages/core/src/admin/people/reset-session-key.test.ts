import { describe, expect, it } from 'vitest'
import {
  createTestService,
  enrolTestAdmin,
  reasonOf,
  registerTestUser,
  signInTestUser,
} from '../../../testing/index.ts'

/** An administrator, and `ming`, whose session key was `first` and is `second` now. */
async function start() {
  const service = createTestService()
  const { actor } = await enrolTestAdmin(service)
  const ming = await registerTestUser(service, { account: 'ming', sessionKey: 'first' })
  await signInTestUser(service, { ...ming.user, sessionKey: 'second' })
  const userId = ming.signedIn.user.id
  const keys = async () => {
    const kept = await service.store.identities.sessionKeys({ userId, appId: 'wx1' })
    return kept?.keys.map((sealed) => service.ports.vault.open(ming.user, sealed))
  }
  const reset = (appId = 'wx1') => service.admin.resetSessionKey(actor, { userId, appId })
  return { service, ming, userId, keys, reset }
}

describe('resetSessionKey', () => {
  it('has WeChat replace the newest key, and keeps the new one only', async () => {
    const { keys, reset, service } = await start()
    await reset()
    expect(await keys()).toEqual(['second renewed'])
    await reset()
    expect(await keys()).toEqual(['second renewed renewed'])
    expect(service.wechat.requests.resetSessionKey).toBe(2)
  })

  it('keeps the stored keys where WeChat refuses', async () => {
    const { keys, reset, service } = await start()
    service.wechat.failNext('data_rejected')
    expect(await reasonOf(reset())).toBe('data_rejected')
    expect(await keys()).toEqual(['second', 'first'])
  })

  it('finds nothing in an app where the user has no identity', async () => {
    const { reset, service } = await start()
    expect(await reasonOf(reset('wx2'))).toBe('not_found')
    expect(service.wechat.requests.resetSessionKey).toBe(0)
  })

  it('keeps the key of a concurrent sign-in', async () => {
    const { service, ming, userId, keys } = await start()
    const resetSessionKey = async () => {
      await signInTestUser(service, { ...ming.user, sessionKey: 'third' })
      return 'renewed'
    }
    const wechat = { ...service.wechat, resetSessionKey }
    const other = createTestService({ ports: { ...service.ports, wechat } })
    const { actor } = await enrolTestAdmin(service, 'other')
    await other.admin.resetSessionKey(actor, { userId, appId: 'wx1' })
    expect(await keys()).toEqual(['third', 'second'])
  })

  it('replaces a key that was sealed again meanwhile', async () => {
    const { service, userId } = await start()
    const { identities } = service.store.state
    const resetSessionKey = async () => {
      for (const [at, row] of identities)
        identities.set(at, { ...row, sealedKey: `again ${row.sealedKey}` })
      return 'renewed'
    }
    const { vault } = service.ports
    const open: typeof vault.open = (owner, text) => vault.open(owner, text.replace('again ', ''))
    const ports = {
      ...service.ports,
      wechat: { ...service.wechat, resetSessionKey },
      vault: { ...vault, open },
    }
    const other = createTestService({ ports })
    const { actor } = await enrolTestAdmin(service, 'other')
    await other.admin.resetSessionKey(actor, { userId, appId: 'wx1' })
    const kept = await service.store.identities.sessionKeys({ userId, appId: 'wx1' })
    expect(kept?.keys).toEqual(['sealed for wx1 openid of ming: renewed'])
  })
})
