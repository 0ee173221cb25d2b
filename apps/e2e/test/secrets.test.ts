import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createPhone, loginCode, password, registerAs } from './phone.ts'
import { findSecrets, type NamedText } from './secret-search.ts'
import { appId, appSecret, startStack } from './stack.ts'

it('no secret appears in the log at level debug or in the database files', async () => {
  const stack = await startStack()
  const phone = createPhone(stack, 'ming')
  const opened = phone.open()
  const code = await loginCode(opened)
  const unbound = await opened.service.miniLogin.mutate({ appId, code })
  await opened.service.miniLogin.mutate({ appId, code }).catch(() => {})
  await registerAs(phone.open(), 'known-account')
  const secondCode = await loginCode(opened)
  const signedIn = await opened.service.miniLogin.mutate({ appId, code: secondCode })
  if (unbound.status !== 'unbound' || signedIn.status !== 'signedIn') throw new Error('setup')
  await stack.fault('down')
  await opened.service.miniLogin.mutate({ appId, code: 'sentinel-code' }).catch(() => {})
  await stack.stopService()

  const secrets = Object.entries({
    code,
    secondCode,
    unusedCode: 'sentinel-code',
    ticket: unbound.ticket,
    appSecret,
    password,
    accessToken: signedIn.tokens.accessToken,
    refreshToken: signedIn.tokens.refreshToken,
    secretKey: Buffer.alloc(32, 'secret key 9').toString('base64'),
  })
  const folder = join(stack.cwd, '.data')
  const files = readdirSync(folder).map(
    (name): NamedText => [name, readFileSync(join(folder, name), 'latin1')],
  )
  expect(findSecrets([['the log', stack.log()], ...files], secrets)).toEqual([])
  // The search reads the right texts: both contain what is no secret.
  expect(stack.log()).toContain('call refused')
  expect(findSecrets(files, [['account', 'known-account']])).toContain(
    'account (text) in mianmi.db',
  )
})
