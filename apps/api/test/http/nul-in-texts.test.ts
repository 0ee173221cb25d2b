import { expect, it } from 'vitest'
import { enrol, startWithAdministrator } from '../admin/client.ts'
import { appId, reasonOf, register, startService } from '../harness.ts'
import { call } from '../rest/rest-client.ts'

const text = 'a\u0000b'

it('U+0000 in a text is refused before the call does anything, over tRPC and over plain HTTP', async () => {
  const service = await startService()
  const { tokens } = await register(service, 'ming', 'ming')
  const client = service.client(tokens.accessToken)
  const refused = [
    client.miniLogin.mutate({ appId, code: text }),
    client.session.revoke.mutate({ sessionId: text }),
    client.session.refresh.mutate({ refreshToken: text }),
    client.account.updateProfile.mutate({ avatarUrl: `https://a.example/${text}` }),
  ]
  const reasons = await Promise.all(refused.map((each: Promise<unknown>) => reasonOf(each)))
  expect(reasons).toEqual(refused.map(() => 'invalid_input'))
  const { status, body } = await call(service, '/auth/miniLogin', { body: { appId, code: text } })
  expect([status, body.data.reason]).toEqual([400, 'invalid_input'])
  expect((await call(service, '/avatars/a%00.png')).status).toBe(404)
})

it('U+0000 in a text is refused in the queries and mutations of the console', async () => {
  const service = await startWithAdministrator()
  const { admin } = (await enrol(service)).browser
  const refused = [
    admin.people.list.query({ search: text }),
    admin.people.view.query({ userId: text }),
    admin.people.disable.mutate({ userId: text }),
    admin.audit.list.query({ userId: text }),
    admin.audit.count.query({ operatorId: text }),
  ]
  const reasons = await Promise.all(refused.map((each: Promise<unknown>) => reasonOf(each)))
  expect(reasons).toEqual(refused.map(() => 'invalid_input'))
})
