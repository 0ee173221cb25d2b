import { bindUnknownAccount, meByTrpc } from '../load/calls.mjs'
import { measureInTurns } from '../load/turns.mjs'
import { scalingRounds } from './scaling.mjs'

export const concurrentPasswords = 64

/** Measures `me` alone and while passwords of other callers are checked. */
export function measureDuringPasswordChecks({ servers, data, options, log }) {
  const { connections, seconds } = options
  const alone = { next: meByTrpc(data), connections, seconds, cold: true }
  const background = { next: bindUnknownAccount(), connections: concurrentPasswords }
  const loads = { alone, duringPasswordChecks: { ...alone, cold: false, background } }
  const candidates = [{ id: 'mianmi', start: servers.mianmi, data, loads }]
  return measureInTurns({ rounds: scalingRounds(options), candidates, log })
}
