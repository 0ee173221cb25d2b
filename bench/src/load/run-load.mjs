import { connect } from 'node:net'
import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { createReplyReader } from './reply.mjs'

/**
 * Keeps `connections` keep-alive connections busy with one call each, and measures what is answered in
 * the window of `seconds` after `warm` seconds. `next()` makes a call: `{ request, expect, times }`, the
 * bytes to send, a text, and how often the reply must hold it; `statuses` where another than 200 is right
 * too. A wrong reply ends the run with an error.
 */
export async function runLoad({ port, connections, next, warm, seconds, onWindow = () => {} }) {
  const latencies = []
  let measuring = false
  let fail = () => {}
  const failure = new Promise((_, reject) => {
    fail = reject
  })
  const onReply = (ms) => {
    if (measuring) latencies.push(ms)
  }
  const sockets = Array.from({ length: connections }, () => converse({ port, next, onReply, fail }))
  try {
    await Promise.race([wait(warm * 1000), failure])
    const before = { at: performance.now(), cpu: process.cpuUsage() }
    onWindow('start')
    measuring = true
    await Promise.race([wait(seconds * 1000), failure])
    measuring = false
    onWindow('end')
    return summary(latencies, before)
  } finally {
    for (const socket of sockets) socket.destroy()
  }
}

const ok = ['200']

function converse({ port, next, onReply, fail }) {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true })
  let call
  let sentAt = 0
  const send = () => {
    call = next()
    sentAt = performance.now()
    socket.write(call.request, 'latin1')
  }
  const reader = createReplyReader((reply) => {
    if (!isRight(reply, call))
      return fail(new Error(`wrong reply to\n${call.request}\n\n${reply.slice(0, 600)}`))
    onReply(performance.now() - sentAt)
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
    rate: (sorted.length / elapsed) * 1000,
    p50: at(0.5),
    p99: at(0.99),
    /** Which share of its core the load itself took. */
    loadShare: (user + system) / 1000 / elapsed,
  }
}
