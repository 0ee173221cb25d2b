import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as after } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { percentile, report } from '../stage/figures.ts'
import { isLong, rounds } from '../stage/length.ts'
import { appId, type Stage, setStage } from '../stage/stage.ts'

/** Sign-ins that wait for WeChat when the signal comes. */
const waiting = 24

/** A silent connection, and one that was of use before. */
async function openSilent({ url }: Stage): Promise<void> {
  const { hostname, port } = new URL(url)
  for (const first of ['', 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n']) {
    const socket = connect(Number(port), hostname).on('error', () => {})
    await once(socket, 'connect')
    if (first === '') continue
    socket.write(first)
    await once(socket, 'data')
  }
}

/** Sign-ins over connections of their own, of which WeChat has been told already. */
async function startSignIns({ url, wechat }: Stage) {
  const asked = wechat.asked.size
  const signIns = Array.from({ length: waiting }, async (_, index) => {
    const body = JSON.stringify({ appId, code: wechat.loginCode(`person-${index}`) })
    const headers = { 'content-type': 'application/json' }
    const sent = request(`${url}/trpc/miniLogin`, { method: 'POST', headers, agent: false })
    sent.end(body)
    const [response] = await once(sent, 'response')
    return (await text(response)).includes('accessToken')
  })
  while (wechat.asked.size < asked + waiting) await after(5)
  return signIns
}

/** Calls without pause over kept connections; tells what became of each that was sent before the signal. */
function startLoad({ caller }: Stage, token: string) {
  const sent = new Map<number, number>()
  let [stopped, next, answered] = [false, 0, 0]
  const work = async () => {
    while (!stopped) {
      const id = next++
      sent.set(id, performance.now())
      const reply = await caller.send('/trpc/me', { token })
      if (reply.status === 200) {
        sent.delete(id)
        answered += 1
      }
    }
  }
  const workers = Array.from({ length: 16 }, () => work().catch(() => {}))
  return async (signalAt: number) => {
    stopped = true
    await Promise.all(workers)
    const dropped = [...sent.values()].filter((at) => at < signalAt).length
    return { answered, dropped }
  }
}

it('SIGTERM drops no request in flight, whatever else is open', async () => {
  const stage = await setStage()
  const took: number[] = []
  const codes: (number | null)[] = []
  const sums = { stops: 0, inFlight: 0, unanswered: 0, answered: 0, dropped: 0 }
  for (const _ of rounds({ short: 3, long: 100 })) {
    stage.wechat.become('well')
    const { tokens } = await stage.signIn('ming')
    stage.wechat.become('slow', 300)
    await openSilent(stage)
    const endLoad = startLoad(stage, tokens.accessToken)
    const signIns = await startSignIns(stage)
    const signalAt = performance.now()
    codes.push(await stage.stop('SIGTERM'))
    took.push(performance.now() - signalAt)
    const ends = await Promise.allSettled(signIns)
    sums.unanswered += ends.filter((end) => end.status !== 'fulfilled' || !end.value).length
    const { answered, dropped } = await endLoad(signalAt)
    sums.answered += answered
    sums.dropped += dropped
    sums.inFlight += waiting
    sums.stops += 1
    await stage.restart()
  }
  report('stop under load', {
    stops: sums.stops,
    'sign-ins in flight': sums.inFlight,
    unanswered: sums.unanswered,
    'calls beside them': sums.answered,
    'of them dropped': sums.dropped,
    'max ms to stop': percentile(took, 1),
  })
  expect(new Set(codes)).toEqual(new Set([0]))
  expect(sums).toMatchObject({ unanswered: 0, dropped: 0 })
  if (isLong) expect(percentile(took, 1)).toBeLessThan(15_000)
})
