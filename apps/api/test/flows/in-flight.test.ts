import { setTimeout as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { createPeopleStore } from '../../src/store/sqlite/index.ts'
import { appId, login, reasonOf, register, startService, type TestService } from '../harness.ts'

const password = 'correct horse'
const exchange = '/sns/jscode2session'
const phoneNumber = '/wxa/business/getuserphonenumber'

async function start() {
  const service = await startService()
  const { tokens, user } = await register(service, 'ming', 'ming')
  const other = await login(service, 'ming')
  if (other.status !== 'signedIn') throw new Error('ming is not bound')
  return {
    service,
    userId: user.id,
    client: service.client(tokens.accessToken),
    /** The same user on another device. */
    elsewhere: service.client(other.tokens.accessToken),
  }
}

type Scene = Awaited<ReturnType<typeof start>>

/** Does something while a call waits for WeChat's reply from this path. */
async function whileWaiting<T>(
  service: TestService,
  { path, call, meanwhile }: { path: string; call: () => Promise<T>; meanwhile: () => unknown },
): Promise<T> {
  await service.playWechat('fault', { kind: 'slow', path, delayMs: 800, times: 1 })
  const pending = call()
  const settled = pending.catch(() => {})
  // The fault is for one call: it is gone as soon as that call has arrived.
  const fault = async () => (await fetch(`${service.sandboxUrl}/sandbox/fault`)).text()
  while ((await fault()).includes('slow')) await turn()
  await meanwhile()
  await settled
  return pending
}

const causes: readonly (readonly [string, (scene: Scene) => unknown, string])[] = [
  [
    'was disabled',
    ({ service, userId }) => createPeopleStore(service.database()).disable(userId, service.now()),
    'user_disabled',
  ],
  [
    'was signed out everywhere else',
    ({ elsewhere }) => elsewhere.session.revokeOthers.mutate(),
    'unauthenticated',
  ],
  [
    'was signed out by a change of the password',
    ({ elsewhere }) =>
      elsewhere.account.changePassword.mutate({
        currentPassword: password,
        newPassword: 'another horse',
      }),
    'unauthenticated',
  ],
  [
    'was unbound',
    ({ elsewhere }) => elsewhere.identity.unbind.mutate({ appId }),
    'unauthenticated',
  ],
]

describe.each(causes)('a caller who %s while WeChat was asked', (_, cause, reason) => {
  it('gets no number', async () => {
    const scene = await start()
    const { service, client, userId } = scene
    const code = await service.phoneCode('ming')
    const call = () => client.account.bindPhone.mutate({ code })
    const meanwhile = () => cause(scene)
    expect(await reasonOf(whileWaiting(service, { path: phoneNumber, call, meanwhile }))).toBe(
      reason,
    )
    const find = service.database().sqlite.prepare('select phone from users where id = ?')
    expect(find.pluck().get(userId)).toBeNull()
  })

  it('deletes no account', async () => {
    const scene = await start()
    const { service, client, userId } = scene
    const code = await service.code('ming')
    const call = () => client.account.delete.mutate({ confirm: true, code })
    const meanwhile = () => cause(scene)
    expect(await reasonOf(whileWaiting(service, { path: exchange, call, meanwhile }))).toBe(reason)
    const count = service.database().sqlite.prepare('select count(*) from users where id = ?')
    expect(count.pluck().get(userId)).toBe(1)
  })
})

it('a caller who was signed out while passwords were hashed changes no password', async () => {
  const { client, elsewhere, service } = await start()
  const change = client.account.changePassword.mutate({
    currentPassword: password,
    newPassword: 'another horse',
  })
  await elsewhere.session.revokeOthers.mutate()
  expect(await reasonOf(change)).toBe('unauthenticated')
  const proof = { appId, code: await service.code('ming') }
  const credential = { type: 'password', account: 'ming', password } as const
  expect(await service.client().bind.mutate({ proof, credential })).toMatchObject({
    status: 'signedIn',
  })
})
