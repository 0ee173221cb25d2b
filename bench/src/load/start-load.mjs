import { connect } from 'node:net'
import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { createReplyReader } from './reply.mjs'

/** Until the engine has compiled what is hot: so many replies … */
const hotAfterReplies = 10_000
/** … or so many ms. */
const hotAfterMs = 5_000
/** Ms for all connections to be accepted and answered once. */
const steadyWithinMs = 20_000
/** Ms in which a server takes up a new load. */
const settleMs = 300
/** A window in which there are fewer answers than connections is prolonged, by this many ms … */
const stepMs = 100
/** … up to so many. */
const windowMostMs = 15_000

/**
 * Keeps `connections` keep-alive connections busy with one call each until it is stopped. `next()` makes a
 * call: `{ request, expect, times }`, the bytes to send, a text, and how often the reply must hold it;
 * `statuses` where another than 200 is right too. A wrong reply makes what is awaited of it reject.
 */
export function startLoad({ connections, ...conversation }) {
  const progress = createProgress(connections)
  let latencies = null
  const onReply = (ms, isFirst) => {
    progress.count(isFirst)
    latencies?.push(ms)
  }
  let fail = () => {}
  const failure = new Promise((_, reject) => {
    fail = reject
  })
  const sockets = Array.from({ length: connections }, () =>
    converse({ ...conversation, onReply, fail }),
  )
  const unlessFailed = (...awaited) => Promise.race([...awaited, failure])
  return {
    /**
     * Node accepts one connection in a turn of its loop, so under load the last of many waits for long:
     * nothing is measured before each had its first reply, and, of a `cold` server, before it is hot.
     */
    async steady({ cold }) {
      await unlessFailed(progress.allReplied, wait(steadyWithinMs))
      await (cold ? unlessFailed(progress.hot, wait(hotAfterMs)) : unlessFailed(wait(settleMs)))
    },
    /** What is answered in the next so many seconds, or in as many as it takes to answer everyone. */
    async window(seconds) {
      latencies = []
      const before = { at: performance.now(), cpu: process.cpuUsage() }
      await unlessFailed(wait(seconds * 1000))
      while (latencies.length < connections && performance.now() - before.at < windowMostMs)
        await unlessFailed(wait(stepMs))
      return summary(latencies, before)
    },
    stop() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

function createProgress(connections) {
  const [allReplied, hot] = [createSignal(), createSignal()]
  let replies = 0
  let replied = 0
  return {
    allReplied: allReplied.given,
    hot: hot.given,
    count(isFirst) {
      replies += 1
      if (replies === hotAfterReplies) hot.give()
      if (!isFirst) return
      replied += 1
      if (replied === connections) allReplied.give()
    },
  }
}

function createSignal() {
  let give = () => {}
  const given = new Promise((resolve) => {
    give = resolve
  })
  return { given, give: () => give() }
}

const ok = ['200']

function converse({ port, next, onReply, fail }) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let call
  let sentAt = 0
  let isFirst = true
  const send = () => {
    call = next()
    sentAt = performance.now()
    socket.write(call.request, 'latin1')
  }
  const reader = createReplyReader((reply) => {
    if (!isRight(reply, call))
      return fail(new Error(`wrong reply to\n${call.request}\n\n${reply.slice(0, 600)}`))
    onReply(performance.now() - sentAt, isFirst)
    isFirst = false
    send()
  })
  socket.once('connect', send)
  socket.on('data', reader)
  socket.once('error', fail)
  socket.once('end', () => fail(new Error('the server closed a connection')))
  return socket
}

/** The right status, and the expected text exactly as often as the calls it answers. */
function isRight(reply, { expect, times = 1, statuses = ok }) {
  if (!statuses.includes(reply.slice(9, 12))) return false
  let found = 0
  for (let at = reply.indexOf(expect); at !== -1; at = reply.indexOf(expect, at + expect.length))
    found += 1
  return found === times
}

function summary(latencies, before) {
  const elapsed = performance.now() - before.at
  const { user, system } = process.cpuUsage(before.cpu)
  const sorted = Float64Array.from(latencies).sort()
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]
  return {
    count: sorted.length,
    elapsed,
    rate: (sorted.length / elapsed) * 1000,
    p50: at(0.5),
    p99: at(0.99),
    /** Which share of its core the load itself took. */
    loadShare: (user + system) / 1000 / elapsed,
  }
}
