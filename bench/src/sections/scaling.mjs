import { growDatabase } from '../data/people.mjs'
import { meByPlainHttp, meByTrpc, miniLogin } from '../load/calls.mjs'
import { measureInTurns } from '../load/turns.mjs'

export const connectionCounts = [1, 8, 64, 256]
export const batchSizes = [1, 2, 10]
export const databaseSizes = ({ million }) => [1_000, 100_000, ...(million ? [1_000_000] : [])]

/** The number of windows in which a load is measured in each round. */
export const passes = 4

/** The scaling sections need fewer rounds, because their differences are large. */
export const scalingRounds = ({ rounds }) => Math.ceil((rounds * 2) / 3)

/** Compares different numbers of connections. */
export function compareConnectionCounts({ servers, data, options, log }) {
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
  const candidates = [
    { id: 'mianmi', start: servers.mianmi, data, loads: { ...me, ...login } },
    { id: 'fastify', start: servers.fastify, data, loads: loads('me', meByPlainHttp(data)) },
    { id: 'oneCommitEach', start: servers.oneCommitEach, data, loads: login },
  ]
  return measureInTurns({ rounds: scalingRounds(options), passes, candidates, log })
}

/** Compares different numbers of calls in a batch. */
export function compareBatchSizes({ servers, data, options, log }) {
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
  const candidates = ['mianmi', 'trpcOfficial'].map((id) => ({
    id,
    start: servers[id],
    data,
    loads,
  }))
  return measureInTurns({ rounds: scalingRounds(options), passes, candidates, log })
}

/** Compares different numbers of users and sessions in the database. */
export function compareDatabaseSizes({ servers, data, options, log }) {
  const withSettings = (next) => ({
    next,
    connections: options.connections,
    seconds: options.seconds / 2,
    cold: true,
  })
  const candidates = databaseSizes(options).map((size) => {
    log(`filling a database with ${size} users`)
    return {
      id: String(size),
      start: servers.mianmi,
      data: growDatabase(data, size),
      loads: { me: withSettings(meByTrpc(data)), login: withSettings(miniLogin(data)) },
    }
  })
  return measureInTurns({ rounds: scalingRounds(options), passes, candidates, log })
}
