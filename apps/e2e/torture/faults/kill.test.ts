import { randomInt } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import type { SignedIn } from '@mianmi/contracts'
import { expect, it } from 'vitest'
import { percentile, report } from '../harness/figures.ts'
import { type Harness, startHarness } from '../harness/harness.ts'
import { findLostSignIns } from '../harness/lost-sign-ins.ts'
import { countFor, isLongRun, rounds } from '../harness/run-length.ts'

/** The sign-ins that the client got a reply for, and the user id of each name. */
interface SignInLog {
  readonly acknowledged: SignedIn[]
  readonly userOf: Map<string, string>
}

/** So many that none signs in more than a hundred times: beyond that the oldest session of a user ends. */
const knownUsers = countFor({ short: 50, long: 4_000 })

/** Signs in new and existing users, and kills the service a moment after a random number of replies. */
async function signInUntilKilled(harness: Harness, round: number, log: SignInLog) {
  const killAt = log.acknowledged.length + randomInt(1, 40)
  let killed: Promise<unknown> | undefined
  let turn = 0
  const duplicated: string[] = []
  const work = async () => {
    for (;;) {
      const user = randomInt(2) === 0 ? `known-${randomInt(knownUsers)}` : `new-${round}-${turn++}`
      const { data } = await harness.miniLogin(user)
      if (data?.status !== 'signedIn') throw new Error('a sign-in was refused')
      log.acknowledged.push(data)
      if (log.acknowledged.length === killAt)
        killed = after(randomInt(5)).then(() => harness.stop('SIGKILL'))
      const known = log.userOf.get(user) ?? data.user.id
      if (known !== data.user.id) duplicated.push(user)
      log.userOf.set(user, data.user.id)
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: 16 }, work))
  await killed
  const refused = ends.filter((end) => end.status === 'rejected' && !isConnectionError(end.reason))
  return { duplicated, refused }
}

const isConnectionError = (error: unknown) => error instanceof Error && 'code' in error

it('an acknowledged sign-in survives kill -9', async () => {
  const harness = await startHarness({ env: { ACCESS_TOKEN_TTL: '86400' } })
  const log: SignInLog = { acknowledged: [], userOf: new Map() }
  const readyMs: number[] = []
  let [kills, lost, duplicated] = [0, 0, 0]
  for (const round of rounds({ short: 10, long: 2_000 })) {
    const from = log.acknowledged.length
    const end = await signInUntilKilled(harness, round, log)
    expect(end.refused).toEqual([])
    harness.takeNewLog()
    duplicated += end.duplicated.length
    kills += 1
    readyMs.push(await harness.restart())
    lost += (await findLostSignIns(harness, log.acknowledged.slice(from))).length
  }
  const last = log.acknowledged.slice(-countFor({ short: 2_000, long: 100_000 }))
  lost += (await findLostSignIns(harness, last)).length
  report('sign-ins survive kill -9', {
    kills,
    acknowledged: log.acknowledged.length,
    lost,
    duplicated,
    users: harness.count('users'),
    'ready p50 ms': percentile(readyMs, 0.5),
    'ready max ms': percentile(readyMs, 1),
  })
  expect(log.acknowledged.length).toBeGreaterThan(kills)
  expect({ lost, duplicated }).toEqual({ lost: 0, duplicated: 0 })
  expect(harness.count('users')).toBe(
    harness.count('(select distinct app_id, openid from identities) as people'),
  )
  expect(harness.integrity()).toBe('ok')
  if (isLongRun) expect(percentile(readyMs, 0.99)).toBeLessThan(2_000)
})
