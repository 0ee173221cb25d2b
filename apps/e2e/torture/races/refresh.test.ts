import type { Tokens } from '@mianmi/contracts'
import { expect, it } from 'vitest'
import { report, tally } from '../stage/figures.ts'
import { rounds } from '../stage/length.ts'
import { type Stage, setStage } from '../stage/stage.ts'

const atOnce = 64

const refresh = ({ caller }: Stage, refreshToken: string) =>
  caller.call<Tokens>('session.refresh', { input: { refreshToken } })

async function successor(stage: Stage, refreshToken: string): Promise<string> {
  const { data, reason } = await refresh(stage, refreshToken)
  if (data === null) throw new Error(`refused: ${reason}`)
  return data.refreshToken
}

it('64 refreshes at once get 64 answers and one successor', async () => {
  const stage = await setStage()
  let { refreshToken } = (await stage.signIn('ming')).tokens
  const wrong: object[] = []
  let done = 0
  for (const _ of rounds({ short: 10, long: 500 })) {
    const parallel = Array.from({ length: atOnce }, () => refresh(stage, refreshToken))
    const ends = tally(
      (await Promise.all(parallel)).map(({ data, reason }) => data?.refreshToken ?? reason ?? ''),
    )
    const [next = '', ...others] = Object.keys(ends)
    if (others.length > 0 || ends[next] !== atOnce) wrong.push(ends)
    refreshToken = next
    done += 1
  }
  report('parallel refresh', { rounds: done, 'at once': atOnce, wrong: wrong.length })
  expect(wrong).toEqual([])
})

it('an older ancestor of a refresh token ends the session, and only that one', async () => {
  const stage = await setStage()
  const other = (await stage.signIn('ming')).tokens
  const survived: number[] = []
  let thefts = 0
  for (const round of rounds({ short: 25, long: 1_000 })) {
    const { tokens } = await stage.signIn('ming')
    const stolen = tokens.refreshToken
    let newest = stolen
    for (let step = 0; step < 3 + (round % 3); step++) newest = await successor(stage, newest)
    const thief = await refresh(stage, stolen)
    const owner = await refresh(stage, newest)
    const me = await stage.caller.call('me', { token: tokens.accessToken })
    const reasons = [thief, owner, me].map(({ reason }) => reason)
    if (reasons.some((reason) => reason !== 'unauthenticated')) survived.push(round)
    thefts += 1
  }
  report('theft', { replays: thefts, 'sessions that survived': survived.length })
  expect(survived).toEqual([])
  expect((await stage.caller.call('me', { token: other.accessToken })).reason).toBeNull()
})
