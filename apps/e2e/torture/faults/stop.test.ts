import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as after } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { percentile, report } from '../harness/figures.ts'
import { appId, type Harness, startHarness } from '../harness/harness.ts'
import { isLongRun, rounds } from '../harness/run-length.ts'

/** The number of sign-ins that wait for WeChat when the signal arrives. */
const waitingSignIns = 24

/** Opens two idle connections: one that never sent a request, and one that did. */
async function openIdleConnections({ url }: Harness): Promise<void> {
  const { hostname, port } = new URL(url)
  for (const request of ['', 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n']) {
    const socket = connect(Number(port), hostname).on('error', () => {})
    await once(socket, 'connect')
    if (request === '') continue
    socket.write(request)
    await once(socket, 'data')
  }
}

/** Starts sign-ins over separate connections, and waits until the service has asked WeChat about each. */
async function startSignIns({ url, wechat }: Harness) {
  const before = wechat.callsPerCode.size
  const signIns = Array.from({ length: waitingSignIns }, async (_, index) => {
    const body = JSON.stringify({ appId, code: wechat.loginCode(`person-${index}`) })
    const headers = { 'content-type': 'application/json' }
    const outgoing = request(`${url}/trpc/miniLogin`, { method: 'POST', headers, agent: false })
    outgoing.end(body)
    const [response] = await once(outgoing, 'response')
    // On a busy machine WeChat may be too slow. The reply that says so is complete too.
    return /"accessToken":|"reason":"wechat_unavailable"/.test(await text(response))
  })
  while (wechat.callsPerCode.size < before + waitingSignIns) await after(5)
  return signIns
}

/**
 * Calls `me` without pause over keep-alive connections. The returned function stops the load and counts the calls that
 * were sent before the signal and got no reply.
 */
function startLoad({ client }: Harness, token: string) {
  const unanswered = new Map<number, number>()
  let [stopped, next, answered] = [false, 0, 0]
  const work = async () => {
    while (!stopped) {
      const id = next++
      unanswered.set(id, performance.now())
      const reply = await client.send('/trpc/me', { token })
      if (reply.status === 200) {
        unanswered.delete(id)
        answered += 1
      }
    }
  }
  const workers = Array.from({ length: 16 }, () => work().catch(() => {}))
  return async (signalAt: number) => {
    stopped = true
    await Promise.all(workers)
    const dropped = [...unanswered.values()].filter((at) => at < signalAt).length
    return { answered, dropped }
  }
}

it('SIGTERM drops no request in flight, whatever other connections are open', async () => {
  const harness = await startHarness()
  const stopMs: number[] = []
  const exitCodes: (number | null)[] = []
  const sums = { stops: 0, inFlight: 0, unanswered: 0, answered: 0, dropped: 0 }
  for (const _ of rounds({ short: 3, long: 100 })) {
    harness.wechat.setMode('healthy')
    const { tokens } = await harness.signIn('ming')
    harness.wechat.setMode('slow', 300)
    await openIdleConnections(harness)
    const endLoad = startLoad(harness, tokens.accessToken)
    const signIns = await startSignIns(harness)
    const signalAt = performance.now()
    exitCodes.push(await harness.stop('SIGTERM'))
    stopMs.push(performance.now() - signalAt)
    const ends = await Promise.allSettled(signIns)
    sums.unanswered += ends.filter((end) => end.status !== 'fulfilled' || !end.value).length
    const { answered, dropped } = await endLoad(signalAt)
    sums.answered += answered
    sums.dropped += dropped
    sums.inFlight += waitingSignIns
    sums.stops += 1
    await harness.restart()
  }
  report('stop under load', {
    stops: sums.stops,
    'sign-ins in flight': sums.inFlight,
    unanswered: sums.unanswered,
    'concurrent calls': sums.answered,
    'dropped calls': sums.dropped,
    'max ms to stop': percentile(stopMs, 1),
  })
  expect(new Set(exitCodes)).toEqual(new Set([0]))
  expect(sums).toMatchObject({ unanswered: 0, dropped: 0 })
  if (isLongRun) expect(percentile(stopMs, 1)).toBeLessThan(15_000)
})
