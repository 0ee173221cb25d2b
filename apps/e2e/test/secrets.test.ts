import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createPhone, loginCode, password, registerAs } from './phone.ts'
import { appId, appSecret, startStack } from './stack.ts'

it('no secret stands in the log at level debug, nor in the database files', async () => {
  const stack = await startStack()
  const phone = createPhone(stack, 'ming')
  const opened = phone.open()
  const code = await loginCode(opened)
  const unbound = await opened.service.miniLogin.mutate({ appId, code })
  await opened.service.miniLogin.mutate({ appId, code }).catch(() => {})
  await registerAs(phone.open(), 'ming')
  const again = await loginCode(opened)
  const signedIn = await opened.service.miniLogin.mutate({ appId, code: again })
  if (unbound.status !== 'unbound' || signedIn.status !== 'signedIn') throw new Error('setup')
  await stack.fault('down')
  await opened.service.miniLogin.mutate({ appId, code: 'sentinel-code' }).catch(() => {})
  await stack.stopService()

  const { accessToken, refreshToken } = signedIn.tokens
  const secrets = [code, again, 'sentinel-code', unbound.ticket, appSecret, password]
  const everywhere = [...secrets, accessToken, refreshToken, Buffer.alloc(32, 9).toString('base64')]
  const folder = join(stack.cwd, '.data')
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'latin1'))
  expect(stack.log()).toContain('call refused')
  for (const secret of everywhere)
    for (const text of [stack.log(), ...files]) expect(text).not.toContain(secret)
})
