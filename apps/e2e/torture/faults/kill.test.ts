import { randomInt } from 'node:crypto'
import { setTimeout as after } from 'node:timers/promises'
import type { SignedIn } from '@mianmi/contracts'
import { expect, it } from 'vitest'
import { percentile, report } from '../stage/figures.ts'
import { isLong, length, rounds } from '../stage/length.ts'
import { replay } from '../stage/replay.ts'
import { type Stage, setStage } from '../stage/stage.ts'

/** Who was told what: the tokens, and the user behind a name. */
interface Ledger {
  readonly acknowledged: SignedIn[]
  readonly userOf: Map<string, string>
}

/** Signs people in, new ones and known ones, until the service dies. */
async function signInUntilDeath({ miniLogin }: Stage, round: number, ledger: Ledger) {
  let turn = 0
  const doubled: string[] = []
  const work = async () => {
    for (;;) {
      const user = randomInt(2) === 0 ? `known-${randomInt(50)}` : `new-${round}-${turn++}`
      const { data } = await miniLogin(user)
      if (data?.status !== 'signedIn') throw new Error('a sign-in was refused')
      ledger.acknowledged.push(data)
      const known = ledger.userOf.get(user) ?? data.user.id
      if (known !== data.user.id) doubled.push(user)
      ledger.userOf.set(user, data.user.id)
    }
  }
  const ends = await Promise.allSettled(Array.from({ length: 16 }, work))
  const refused = ends.filter((end) => end.status === 'rejected' && !isCut(end.reason))
  return { doubled, refused }
}

const isCut = (error: unknown) => error instanceof Error && 'code' in error

it('an acknowledged sign-in survives a kill -9', async () => {
  const stage = await setStage({ env: { ACCESS_TOKEN_TTL: '86400' } })
  const ledger: Ledger = { acknowledged: [], userOf: new Map() }
  const ready: number[] = []
  let [kills, lost, doubled] = [0, 0, 0]
  for (const round of rounds({ short: 20, long: 2_000 })) {
    const from = ledger.acknowledged.length
    const [end] = await Promise.all([
      signInUntilDeath(stage, round, ledger),
      after(randomInt(20, 250)).then(() => stage.stop('SIGKILL')),
    ])
    expect(end.refused).toEqual([])
    stage.takeLog()
    doubled += end.doubled.length
    kills += 1
    ready.push(await stage.restart())
    lost += (await replay(stage, ledger.acknowledged.slice(from))).length
  }
  const last = ledger.acknowledged.slice(-length({ short: 2_000, long: 100_000 }))
  lost += (await replay(stage, last)).length
  report('sign-ins survive kill -9', {
    kills,
    acknowledged: ledger.acknowledged.length,
    lost,
    doubled,
    users: stage.count('users'),
    'ready p50 ms': percentile(ready, 0.5),
    'ready max ms': percentile(ready, 1),
  })
  expect(ledger.acknowledged.length).toBeGreaterThan(kills)
  expect({ lost, doubled }).toEqual({ lost: 0, doubled: 0 })
  expect(stage.count('users')).toBe(stage.count('(select distinct app_id, openid from identities)'))
  expect(stage.integrity()).toBe('ok')
  if (isLong) expect(percentile(ready, 0.99)).toBeLessThan(2_000)
})
