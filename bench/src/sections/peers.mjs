import { getSession, meByPlainHttp, meByTrpc, miniLogin, signInByEmail } from '../load/calls.mjs'
import { takeTurns } from '../load/turns.mjs'
import { passes } from './growth.mjs'

/** `me` and logins, ours and what people would use instead. */
export function comparePeers({ servers, data, options, log }) {
  const { rounds, seconds, connections } = options
  const how = (next) => ({ next, connections, seconds, cold: true })
  const ours = { me: how(meByTrpc(data)), login: how(miniLogin(data)) }
  const byHttp = { me: how(meByPlainHttp(data)) }
  const byEmail = { login: { ...how(signInByEmail(data)), cold: false, slow: true } }
  const contestants = [
    { id: 'mianmi', start: servers.mianmi, loads: ours },
    { id: 'oneCommitEach', start: servers.oneCommitEach, loads: { login: ours.login } },
    { id: 'fastify', start: servers.fastify, loads: byHttp },
    { id: 'mianmiLogging', start: servers.mianmiLogging, loads: { me: ours.me } },
    { id: 'hono', start: servers.hono, loads: byHttp },
    { id: 'express', start: servers.express, loads: byHttp },
    { id: 'trpcOfficial', start: servers.trpcOfficial, loads: { me: ours.me } },
    {
      id: 'betterAuth',
      start: servers.betterAuth,
      loads: { me: how(getSession(data)), ...byEmail },
    },
    {
      id: 'betterAuthFreePassword',
      start: servers.betterAuthFreePassword,
      loads: { login: how(signInByEmail(data)) },
    },
  ]
  const known = contestants.map((one) => ({ ...one, data }))
  return takeTurns({ rounds, passes, log, contestants: known })
}
