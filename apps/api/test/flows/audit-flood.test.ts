import { expect, it } from 'vitest'
import { appId, reasonOf, startService, type TestService } from '../harness.ts'

const lines = (service: TestService) =>
  service
    .database()
    .sqlite.prepare(
      `select action, outcome, address, sum(count) as calls, count(*) as lines from audit_events
       group by 1, 2, 3 order by 1, 2`,
    )
    .all()

it('a flood of made-up codes is one line a minute, and each call is in the statistics', async () => {
  const service = await startService({ RATE_LIMIT_FACTOR: '1000' })
  const client = service.client()
  const guess = (index: number) =>
    reasonOf(client.miniLogin.mutate({ appId, code: `made up ${index}` }))
  for (let index = 0; index < 150; index++) expect(await guess(index)).toBe('code_rejected')
  const [first] = lines(service) as { lines: number }[]
  // The second line is there when the calls were not all in one minute.
  expect(first?.lines).toBeLessThanOrEqual(2)
  await service.restart()
  const refused = { action: 'sign_in', outcome: 'code_rejected', address: '127.0.0.1' }
  expect(lines(service)).toEqual([{ ...refused, calls: 150, lines: expect.any(Number) }])
  const counted = service.database().sqlite.prepare('select sum(count) from daily_counts').pluck()
  expect(counted.get()).toBe(150)
})

it('refused refreshes, tickets and calls of the console are summed as well', async () => {
  const service = await startService({ RATE_LIMIT_FACTOR: '1000' })
  const client = service.client()
  for (let index = 0; index < 30; index++) {
    await reasonOf(client.session.refresh.mutate({ refreshToken: `made up ${index}` }))
    const proof = { ticket: `made up ${index}` }
    const credential = { type: 'password', account: `name ${index}`, password: 'x' } as const
    await reasonOf(client.bind.mutate({ proof, credential }))
    await fetch(`${service.url()}/admin/trpc/settings`)
  }
  await service.restart()
  expect(lines(service)).toMatchObject([
    { action: 'admin.settings', outcome: 'unauthenticated', calls: 30 },
    { action: 'bind', outcome: 'ticket_rejected', calls: 30 },
    { action: 'refresh', outcome: 'unauthenticated', calls: 30 },
  ])
  const count = service.database().sqlite.prepare('select count(*) from audit_events').pluck()
  expect(count.get()).toBeLessThanOrEqual(12)
  // Nothing that was typed is in the log.
  const text = JSON.stringify(service.database().sqlite.prepare('select * from audit_events').all())
  expect(text).not.toMatch(/made up|name \d/)
})
