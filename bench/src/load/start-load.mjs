import { connect } from 'node:net'
import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { createReplyReader } from './reply.mjs'

/** A server is warm after this many replies … */
const warmAfterReplies = 10_000
/** … or after this many ms. */
const warmAfterMs = 5_000
/** The time in which every connection must get its first reply, in ms. */
const firstRepliesWithinMs = 20_000
/** The time that a warm server gets to adapt to a new load, in ms. */
const settleMs = 300
/** A window with fewer replies than connections is extended in steps of this many ms … */
const extensionMs = 100
/** … up to this length. */
const maxWindowMs = 15_000

/**
 * Keeps `connections` keep-alive connections busy with one call each until it is stopped. `next()` creates a call:
 * `{ request, expect, times, statuses }`: the bytes to send, a text, how often the reply must contain it, and the
 * accepted statuses (default: 200). A wrong reply rejects the promises of `steady` and `window`.
 */
export function startLoad({ connections, ...connectionOptions }) {
  const progress = createProgress(connections)
  let latencies = null
  let record = null
  const onReply = (ms, isFirst) => {
    progress.count(isFirst)
    latencies?.push(ms)
    record?.(ms)
  }
  let fail = () => {}
  const failure = new Promise((_, reject) => {
    fail = reject
  })
  const sockets = Array.from({ length: connections }, () =>
    openConnection({ ...connectionOptions, onReply, fail }),
  )
  const unlessFailed = (...awaited) => Promise.race([...awaited, failure])
  return {
    /**
     * Waits until the load is steady. Node accepts one connection per turn of its event loop, so under load the last of
     * many connections waits long. Nothing is measured before each had its first reply and a `cold` server is warm.
     */
    async steady({ cold }) {
      await unlessFailed(progress.allReplied, wait(firstRepliesWithinMs))
      await (cold ? unlessFailed(progress.warm, wait(warmAfterMs)) : unlessFailed(wait(settleMs)))
    },
    /** Measures the replies of the next `seconds`; the window is extended until there are as many replies as connections. */
    async window(seconds) {
      latencies = []
      const before = { at: performance.now(), cpu: process.cpuUsage() }
      await unlessFailed(wait(seconds * 1000))
      while (latencies.length < connections && performance.now() - before.at < maxWindowMs)
        await unlessFailed(wait(extensionMs))
      return summary(latencies, before)
    },
    /** Collects the replies of the first `seconds`: when each came, in ms since now, and after how long. */
    async timeline(seconds) {
      const startedAt = performance.now()
      const replies = []
      record = (ms) => replies.push({ at: performance.now() - startedAt, ms })
      await unlessFailed(wait(seconds * 1000))
      record = null
      return replies
    },
    /** How many right replies there were since the start. */
    replies: progress.replies,
    stop() {
      for (const socket of sockets) socket.destroy()
    },
  }
}

function createProgress(connections) {
  const [allReplied, warm] = [Promise.withResolvers(), Promise.withResolvers()]
  let replies = 0
  let replied = 0
  return {
    allReplied: allReplied.promise,
    warm: warm.promise,
    replies: () => replies,
    count(isFirst) {
      replies += 1
      if (replies === warmAfterReplies) warm.resolve()
      if (!isFirst) return
      replied += 1
      if (replied === connections) allReplied.resolve()
    },
  }
}

const ok = ['200']

function openConnection({ port, next, onReply, fail }) {
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
    if (!isExpected(reply, call))
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

/** Whether the reply has an accepted status and contains the expected text exactly `times` times. */
function isExpected(reply, { expect, times = 1, statuses = ok }) {
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
    /** The share of its core that the load used. */
    loadShare: (user + system) / 1000 / elapsed,
  }
}
