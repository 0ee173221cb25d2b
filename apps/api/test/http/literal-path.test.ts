import { expect, it } from 'vitest'
import { startService } from '../harness.ts'

it('an escaped letter makes no address of the console, the metrics or other services', async () => {
  const { url } = await startService()
  for (const path of [
    '/%61dmin',
    '/%61dmin/',
    '/adm%69n/people',
    '/%61dmin/trpc/account.current',
    '/%6Detrics',
    '/v1/%75sers?externalId=1',
    '/v1/users/1/%73essions',
    '/v1/%69ntrospect',
  ]) {
    const reply = await fetch(`${url()}${path}`)
    expect(reply.status, path).toBe(404)
    expect(await reply.text(), path).not.toMatch(/<html|# HELP/)
  }
})

it('the addresses as they are written are found', async () => {
  const { url } = await startService()
  const paths = ['/metrics', '/metrics?x=1', '/admin/', '/admin/trpc/account.current']
  const statuses = [...paths, '/v1/users?externalId=1', '/v1/users/%31'].map(
    async (path) => (await fetch(`${url()}${path}`)).status,
  )
  expect(await Promise.all(statuses)).toEqual([200, 200, 200, 401, 401, 401])
})
