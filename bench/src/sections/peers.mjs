import { getSession, meByPlainHttp, meByTrpc, miniLogin, signInByEmail } from '../load/calls.mjs'
import { measureInTurns } from '../load/turns.mjs'
import { passes } from './scaling.mjs'

/** Compares `me` and logins of the service with its peers. */
export function comparePeers({ servers, data, options, log }) {
  const { rounds, seconds, connections } = options
  const withSettings = (next) => ({ next, connections, seconds, cold: true })
  const byTrpc = { me: withSettings(meByTrpc(data)), login: withSettings(miniLogin(data)) }
  const byHttp = { me: withSettings(meByPlainHttp(data)) }
  const byEmail = { login: { ...withSettings(signInByEmail(data)), cold: false, slow: true } }
  const candidates = [
    { id: 'mianmi', start: servers.mianmi, loads: byTrpc },
    { id: 'oneCommitEach', start: servers.oneCommitEach, loads: { login: byTrpc.login } },
    { id: 'fastify', start: servers.fastify, loads: byHttp },
    { id: 'mianmiLogging', start: servers.mianmiLogging, loads: { me: byTrpc.me } },
    { id: 'hono', start: servers.hono, loads: byHttp },
    { id: 'express', start: servers.express, loads: byHttp },
    { id: 'trpcOfficial', start: servers.trpcOfficial, loads: { me: byTrpc.me } },
    {
      id: 'betterAuth',
      start: servers.betterAuth,
      loads: { me: withSettings(getSession(data)), ...byEmail },
    },
    {
      id: 'betterAuthFreePassword',
      start: servers.betterAuthFreePassword,
      loads: { login: withSettings(signInByEmail(data)) },
    },
  ]
  const withData = candidates.map((one) => ({ ...one, data }))
  return measureInTurns({ rounds, passes, log, candidates: withData })
}
