import { expect, it } from 'vitest'
import { startService } from '../harness.ts'

it('an escaped letter makes no address of the console or the metrics', async () => {
  const { url } = await startService()
  for (const path of [
    '/%61dmin',
    '/%61dmin/',
    '/adm%69n/people',
    '/%61dmin/trpc/account.current',
    '/%6Detrics',
  ]) {
    const reply = await fetch(`${url()}${path}`)
    expect(reply.status, path).toBe(404)
    expect(await reply.text(), path).not.toMatch(/<html|# HELP/)
  }
})

it('the addresses as they are written are found', async () => {
  const { url } = await startService()
  const statuses = ['/metrics', '/metrics?x=1', '/admin/', '/admin/trpc/account.current'].map(
    async (path) => (await fetch(`${url()}${path}`)).status,
  )
  expect(await Promise.all(statuses)).toEqual([200, 200, 200, 401])
})
