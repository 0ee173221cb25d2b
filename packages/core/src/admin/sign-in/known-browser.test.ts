import { describe, expect, it } from 'vitest'
import {
  createTestService,
  enrolTestAdmin,
  failureOf,
  reasonOf,
  type TestAdmin,
  type TestService,
  testOrigin,
  testPassword,
} from '../../../testing/index.ts'

const minute = 60_000
const day = 24 * 60 * minute
/** Strangers come from another network. */
const elsewhere = { ...testOrigin, address: '198.51.100.1' }

interface Try {
  password?: string
  browserToken?: string | null
  origin?: typeof testOrigin
  account?: string
}

function signIn(
  { admin }: TestService,
  { account = 'root', password = testPassword, browserToken = null, origin = elsewhere }: Try = {},
) {
  return admin.signIn({ account, password, browserToken, origin })
}

async function start() {
  const service = createTestService()
  const root = await enrolTestAdmin(service)
  service.clock.advance(15 * minute)
  return { service, root }
}

const prove = (
  { admin, totp, clock }: TestService,
  { secret }: Pick<TestAdmin, 'secret'>,
  { token, browserToken, code }: { token: string; browserToken: string | null; code?: string },
) =>
  admin.proveCode({
    token,
    code: code ?? totp.codeAt(secret, clock.now()),
    browserToken,
    origin: testOrigin,
  })

const wrong = { password: 'wrong' }

describe('a browser in which an administrator has signed in', () => {
  it('is not refused because of the wrong passwords of strangers', async () => {
    const { service, root } = await start()
    for (let count = 0; count < 10; count++) await failureOf(signIn(service, wrong))
    expect(await reasonOf(signIn(service))).toBe('rate_limited')
    const { browserToken } = root
    expect(await signIn(service, { browserToken })).toMatchObject({ next: 'code' })
  })

  it('is not refused because its network is blocked', async () => {
    const { service, root } = await start()
    for (let count = 0; count < 100; count++)
      await failureOf(signIn(service, { ...wrong, account: `guess ${count}` }))
    expect(await reasonOf(signIn(service))).toBe('rate_limited')
    const { browserToken } = root
    expect(await signIn(service, { browserToken })).toMatchObject({ next: 'code' })
  })

  it('has ten wrong passwords of its own, which refuse no other browser', async () => {
    const { service, root } = await start()
    const { browserToken } = root
    for (let count = 0; count < 10; count++)
      expect(await reasonOf(signIn(service, { ...wrong, browserToken }))).toBe(
        'credential_rejected',
      )
    expect(await reasonOf(signIn(service, { browserToken }))).toBe('rate_limited')
    expect(await signIn(service)).toMatchObject({ next: 'code' })
    service.clock.advance(15 * minute)
    expect(await signIn(service, { browserToken })).toMatchObject({ next: 'code' })
  })

  it('is not refused because of the wrong codes of who knows the password', async () => {
    const { service, root } = await start()
    const { token } = await signIn(service)
    for (let count = 0; count < 5; count++)
      await failureOf(prove(service, root, { token, browserToken: null, code: '000000' }))
    const refused = await signIn(service)
    expect(await reasonOf(prove(service, root, { ...refused, browserToken: null }))).toBe(
      'rate_limited',
    )
    const { browserToken } = root
    const known = await signIn(service, { browserToken })
    expect(await prove(service, root, { ...known, browserToken })).toMatchObject({})
  })

  it('has five wrong codes of its own', async () => {
    const { service, root } = await start()
    const { browserToken } = root
    const { token } = await signIn(service, { browserToken })
    for (let count = 0; count < 5; count++)
      expect(await reasonOf(prove(service, root, { token, browserToken, code: '000000' }))).toBe(
        'credential_rejected',
      )
    expect(await reasonOf(prove(service, root, { token, browserToken }))).toBe('rate_limited')
    const other = await signIn(service)
    expect(await prove(service, root, { ...other, browserToken: null })).toMatchObject({})
  })

  it('is known by its newest token, to its administrator, and for 90 days', async () => {
    const { service, root } = await start()
    const first = await signIn(service, root)
    const { browserToken } = await prove(service, root, {
      ...first,
      browserToken: root.browserToken,
    })
    expect(browserToken).not.toBe(root.browserToken)
    await enrolTestAdmin(service, 'boss')
    for (let count = 0; count < 10; count++)
      for (const account of ['root', 'boss'])
        await failureOf(signIn(service, { ...wrong, account }))
    for (const refused of [root.browserToken, 'unknown', ''])
      expect(await reasonOf(signIn(service, { browserToken: refused }))).toBe('rate_limited')
    expect(await reasonOf(signIn(service, { browserToken, account: 'boss' }))).toBe('rate_limited')
    service.clock.advance(90 * day - 1)
    for (let count = 0; count < 10; count++) await failureOf(signIn(service, wrong))
    expect(await signIn(service, { browserToken })).toMatchObject({ next: 'code' })
    service.clock.advance(1)
    expect(await reasonOf(signIn(service, { browserToken }))).toBe('rate_limited')
  })

  it('proves nothing: password and code are wanted', async () => {
    const { service, root } = await start()
    const { browserToken } = root
    expect(await reasonOf(service.admin.authenticate(browserToken))).toBe('unauthenticated')
    expect(await reasonOf(signIn(service, { ...wrong, browserToken }))).toBe('credential_rejected')
    const { token } = await signIn(service, { browserToken })
    expect(await reasonOf(service.admin.authenticate(token))).toBe('unauthenticated')
  })

  it('is stored as a hash', async () => {
    const { service, root } = await start()
    expect(JSON.stringify([...service.store.state.knownBrowsers])).not.toContain(
      JSON.stringify(root.browserToken),
    )
    const hash = service.ports.tokens.hashTicket(root.browserToken)
    const stored = [...service.store.state.knownBrowsers.values()]
    expect(stored.some((row) => row.hash === hash)).toBe(true)
  })
})
