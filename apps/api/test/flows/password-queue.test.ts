import { connect } from 'node:net'
import { describe, expect, it } from 'vitest'
import { admin, openBrowser, startWithAdministrator } from '../admin/client.ts'
import { appId, reasonOf, register, startService, type TestService } from '../harness.ts'

const password = 'correct horse'

/** A user who changes the password many times at once: two hashes a call, and no limit, because it is the right one. */
async function flood(service: TestService, count: number) {
  const { tokens } = await register(service, 'flooder', 'flooder')
  const { account } = service.client(tokens.accessToken)
  const change = { currentPassword: password, newPassword: password }
  return Array.from({ length: count }, () =>
    reasonOf(account.changePassword.mutate(change)).catch(() => 'ok'),
  )
}

describe('one caller with hundreds of password checks', () => {
  it('is refused, and delays neither another user nor an administrator', async () => {
    const service = await startWithAdministrator({ RATE_LIMIT_FACTOR: '1000' })
    await register(service, 'honest', 'honest')
    const proof = { appId, code: await service.code('honest') }
    const credential = { type: 'password', account: 'honest', password } as const
    const served: string[] = []
    const calls = await flood(service, 300)
    for (const call of calls)
      void call.then((reason) => reason !== 'overloaded' && served.push(reason))
    await Promise.all([
      service.client().bind.mutate({ proof, credential }),
      openBrowser(service).admin.account.signIn.mutate(admin),
    ])
    // Of the 16 calls that wait, each with two hashes, a few were served in turn.
    expect(served.length).toBeLessThan(8)
    const reasons = await Promise.all(calls)
    expect(reasons.filter((reason) => reason === 'overloaded').length).toBeGreaterThan(200)
  })
})

describe('a caller who closes the connection', () => {
  it('is not hashed for, and counts no wrong password', async () => {
    const service = await startService({ RATE_LIMIT_FACTOR: '1000' })
    const { sqlite } = service.database()
    const guess = async (person: string) => {
      const proof = { appId, code: await service.code(person) }
      return {
        proof,
        credential: { type: 'password', account: person, password: 'wrong' } as const,
      }
    }
    const people = Array.from({ length: 20 }, (_, index) => `person ${index}`)
    const inputs = await Promise.all(people.map(guess))
    const body = JSON.stringify(await guess('gone'))
    const others = inputs.map((input) => reasonOf(service.client().bind.mutate(input)))
    const countedAre = (count: number) =>
      expect.poll(() => sqlite.prepare('select count(*) from limits').pluck().get()).toBe(count)
    // One for each account, and one for the network.
    await countedAre(21)
    const { hostname, port } = new URL(service.url())
    const socket = connect(Number(port), hostname)
    const headers = `host: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}`
    socket.write(`POST /trpc/bind HTTP/1.1\r\n${headers}\r\n\r\n${body}`)
    await countedAre(22)
    socket.destroy()
    expect(new Set(await Promise.all(others))).toEqual(new Set(['credential_rejected']))
    await countedAre(21)
    service.database()
    const outcomes = sqlite.prepare(
      `select outcome, sum(count) as count from daily_counts where action = 'bind' group by 1 order by 1`,
    )
    expect(outcomes.all()).toEqual([
      { outcome: 'credential_rejected', count: 20 },
      { outcome: 'overloaded', count: 1 },
    ])
  })
})
