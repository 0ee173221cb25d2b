import { linkError } from '@mianmi/wx-link'
import { describe, expect, it } from 'vitest'
import { createPhone, password, reasonOf, registerAs } from './phone.ts'
import { startStack } from './stack.ts'

describe('the session client with the built service and the WeChat sandbox', () => {
  it('after the first registration, a relaunch and lost storage need no password', async () => {
    const stack = await startStack()
    const phone = createPhone(stack, 'ming')
    const first = phone.open()
    await registerAs(first, 'ming')
    expect((await first.api.me.query()).user.account).toBe('ming')
    expect([phone.count('login'), phone.count('miniLogin')]).toEqual([1, 1])

    const second = phone.open()
    expect(await second.session.launch()).toMatchObject({ status: 'signedIn' })
    expect([phone.count('login'), phone.count('miniLogin')]).toEqual([1, 1])
    expect((await second.api.me.query()).user.account).toBe('ming')

    second.wx.clearStorageSync()
    const third = phone.open()
    expect(await third.session.launch()).toMatchObject({
      status: 'signedIn',
      user: { account: 'ming' },
    })
    expect([phone.count('login'), phone.count('miniLogin')]).toEqual([2, 2])
  })

  it('calls made during the launch wait for it and share one sign-in', async () => {
    const stack = await startStack()
    const phone = createPhone(stack, 'ming')
    const first = phone.open()
    await registerAs(first, 'ming')
    first.wx.clearStorageSync()
    const { session, api } = phone.open()
    const calls = Array.from({ length: 20 }, () => api.me.query())
    await session.launch()
    const accounts = (await Promise.all(calls)).map(({ user }) => user.account)
    expect(new Set(accounts)).toEqual(new Set(['ming']))
    expect([phone.count('login'), phone.count('miniLogin')]).toEqual([2, 2])
  })

  it('an account with a WeChat identity refuses another one, and only after the right password', async () => {
    const stack = await startStack({ SIGN_UP: 'bind' })
    const ming = createPhone(stack, 'ming').open()
    await registerAs(ming, 'family')
    await ming.session.signOut(() => ming.api.session.signOut.mutate())
    const hong = createPhone(stack, 'hong').open()
    const state = await hong.session.launch()
    if (state.status !== 'unbound') throw new Error(state.status)
    const bind = (secret: string) =>
      hong.service.bind.mutate({
        proof: { ticket: state.ticket },
        credential: { type: 'password', account: 'family', password: secret },
      })
    expect(await reasonOf(bind('wrong password'))).toBe('credential_rejected')
    expect(await reasonOf(bind(password))).toBe('account_taken')
  })

  it('after a session has ended at the service, the client signs in silently and repeats the call', async () => {
    const stack = await startStack()
    const phone = createPhone(stack, 'ming')
    const { session, api } = phone.open()
    await registerAs(phone.open(), 'ming')
    await session.launch()
    const before = (await api.me.query()).session.id
    const secondLaunch = phone.open()
    await secondLaunch.session.launch()
    await secondLaunch.api.session.signOut.mutate()
    const after = (await api.me.query()).session.id
    expect(after).not.toBe(before)
  })

  it('a sign-out is remembered, ends the session at the service, and one tap signs in again', async () => {
    const stack = await startStack()
    const phone = createPhone(stack, 'ming')
    const first = phone.open()
    await registerAs(first, 'ming')
    await first.session.signOut(() => first.api.session.signOut.mutate())
    const second = phone.open()
    expect(await second.session.launch()).toEqual({ status: 'signedOut' })
    expect(phone.count('session.signOut')).toBe(1)
    expect(await second.session.signIn()).toMatchObject({ status: 'signedIn' })
  })

  it('the session survives while the service is down', async () => {
    const stack = await startStack()
    const phone = createPhone(stack, 'ming')
    const { session, api } = phone.open()
    await registerAs(phone.open(), 'ming')
    await session.launch()
    await stack.stopService('SIGKILL')
    const failed = await api.me.query().catch((error: unknown) => linkError(error)?.kind)
    expect(failed).toBe('network')
    expect(session.state.status).toBe('signedIn')
    await stack.restartService()
    expect((await api.me.query()).user.account).toBe('ming')
    expect(phone.count('miniLogin')).toBe(1)
  })

  it.each([
    ['busy', 'wechat_unavailable'],
    ['garbage', 'wechat_unavailable'],
    ['down', 'wechat_unavailable'],
    ['blocked', 'user_blocked'],
    ['rateLimited', 'wechat_rate_limited'],
  ])(
    'WeChat fault %s: new sign-ins are refused as %s, and existing sessions work',
    async (kind, reason) => {
      const stack = await startStack()
      const ming = createPhone(stack, 'ming').open()
      await registerAs(ming, 'ming')
      await stack.fault(kind)
      const state = await createPhone(stack, 'hong').open().session.launch()
      if (state.status !== 'offline') throw new Error(state.status)
      expect(await reasonOf(Promise.reject(state.error))).toBe(reason)
      expect((await ming.api.me.query()).user.account).toBe('ming')
    },
  )
})
