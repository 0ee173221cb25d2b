import { grow } from '../data/people.mjs'
import { meByPlainHttp, meByTrpc, miniLogin } from '../load/calls.mjs'
import { takeTurns } from '../load/turns.mjs'

export const connectionCounts = [1, 8, 64, 256]
export const batchSizes = [1, 2, 10]
export const databaseSizes = ({ million }) => [1_000, 100_000, ...(million ? [1_000_000] : [])]

/** Windows in which one load of one round is measured. */
export const passes = 4

/** Growth wants fewer rounds: its steps are wide. */
export const growthRounds = ({ rounds }) => Math.ceil((rounds * 2) / 3)

/** What more callers at once cost and gain. */
export function growConnections({ servers, data, options, log }) {
  const seconds = options.seconds / 2
  const loads = (name, next) =>
    Object.fromEntries(
      connectionCounts.map((connections, turn) => [
        `${name} ${connections}`,
        { next, connections, seconds, cold: turn === 0 },
      ]),
    )
  const me = loads('me', meByTrpc(data))
  const login = loads('login', miniLogin(data))
  const contestants = [
    { id: 'mianmi', start: servers.mianmi, data, loads: { ...me, ...login } },
    { id: 'fastify', start: servers.fastify, data, loads: loads('me', meByPlainHttp(data)) },
    { id: 'oneCommitEach', start: servers.oneCommitEach, data, loads: login },
  ]
  return takeTurns({ rounds: growthRounds(options), passes, contestants, log })
}

/** What a call costs that shares its request with others. */
export function growBatches({ servers, data, options, log }) {
  const { connections } = options
  const loads = Object.fromEntries(
    batchSizes.map((size, turn) => [
      `batch ${size}`,
      {
        next: meByTrpc(data, size),
        connections,
        seconds: options.seconds / 2,
        cold: turn === 0,
      },
    ]),
  )
  const contestants = ['mianmi', 'trpcOfficial'].map((id) => ({
    id,
    start: servers[id],
    data,
    loads,
  }))
  return takeTurns({ rounds: growthRounds(options), passes, contestants, log })
}

/** What a call costs with more users and sessions in the database. */
export function growDatabase({ servers, data, options, log }) {
  const how = (next) => ({
    next,
    connections: options.connections,
    seconds: options.seconds / 2,
    cold: true,
  })
  const contestants = databaseSizes(options).map((size) => {
    log(`filling a database with ${size} users`)
    return {
      id: String(size),
      start: servers.mianmi,
      data: grow(data, size),
      loads: { me: how(meByTrpc(data)), login: how(miniLogin(data)) },
    }
  })
  return takeTurns({ rounds: growthRounds(options), passes, contestants, log })
}
