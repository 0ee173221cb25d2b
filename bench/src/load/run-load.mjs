import { connect } from 'node:net'
import { performance } from 'node:perf_hooks'
import process from 'node:process'
import { setTimeout as wait } from 'node:timers/promises'
import { createReplyReader } from './reply.mjs'

/** A window in which nothing is answered is prolonged, up to so many seconds. */
const patience = 20

/**
 * Keeps `connections` keep-alive connections busy with one call each, and measures what is answered in
 * the window of `seconds` after `warm` seconds. `next()` makes a call: `{ request, expect, times }`, the
 * bytes to send, a text, and how often the reply must hold it; `statuses` where another than 200 is right
 * too. A wrong reply ends the run with an error.
 */
export async function runLoad({ warm, seconds, onWindow = () => {}, ...target }) {
  const latencies = []
  let measuring = false
  const onReply = (ms) => {
    if (measuring) latencies.push(ms)
  }
  const { stop, failure } = converseOnAll({ ...target, onReply })
  try {
    await Promise.race([wait(warm * 1000), failure])
    const before = { at: performance.now(), cpu: process.cpuUsage() }
    onWindow('start')
    measuring = true
    const windowsMost = Math.ceil(patience / seconds)
    for (let windows = 0; latencies.length === 0 && windows < windowsMost; windows += 1)
      await Promise.race([wait(seconds * 1000), failure])
    measuring = false
    onWindow('end')
    return summary(latencies, before)
  } finally {
    stop()
  }
}

/** Until the engine has compiled what is hot: so many replies … */
const hotAfterReplies = 10_000
/** … or so many ms. */
const hotAfterMs = 3_000

/** The same load for as long as a server needs to run at its full speed. */
export async function heat(target) {
  let enough = () => {}
  const replied = new Promise((resolve) => {
    enough = resolve
  })
  let replies = 0
  const onReply = () => {
    replies += 1
    if (replies === hotAfterReplies) enough()
  }
  const { stop, failure } = converseOnAll({ ...target, onReply })
  try {
    await Promise.race([replied, wait(hotAfterMs), failure])
  } finally {
    stop()
  }
}

/** `failure` rejects when a reply is wrong or a connection breaks. */
function converseOnAll({ connections, ...conversation }) {
  let fail = () => {}
  const failure = new Promise((_, reject) => {
    fail = reject
  })
  const sockets = Array.from({ length: connections }, () => converse({ ...conversation, fail }))
  const stop = () => {
    for (const socket of sockets) socket.destroy()
  }
  return { stop, failure }
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
