import { bindInVain, meByTrpc } from '../load/calls.mjs'
import { takeTurns } from '../load/turns.mjs'
import { growthRounds } from './growth.mjs'

export const passwordsAtOnce = 64

/** What callers of `me` notice of others whose passwords are being checked. */
export function checkPasswordsBeside({ servers, data, options, log }) {
  const { connections, seconds } = options
  const alone = { next: meByTrpc(data), connections, seconds, cold: true }
  const beside = { next: bindInVain(), connections: passwordsAtOnce }
  const loads = { alone, besidePasswords: { ...alone, cold: false, beside } }
  const contestants = [{ id: 'mianmi', start: servers.mianmi, data, loads }]
  return takeTurns({ rounds: growthRounds(options), contestants, log })
}
