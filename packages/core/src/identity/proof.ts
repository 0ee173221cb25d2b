import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { ClaimedIdentity, Identity } from './identity.ts'

type ProofPorts = Pick<Ports, 'tickets' | 'tokens' | 'wechat' | 'vault' | 'now'>

/** What proves the WeChat identity: a ticket from an earlier miniLogin, or a fresh login code. */
export type Proof = { readonly ticket: string } | { readonly appId: string; readonly code: string }

/** A ticket ends after this many wrong passwords, so that it cannot be used to guess them. */
const maxTries = 5
/** How long a call with an already used ticket may be repeated, in ms, because its reply may have been lost. */
const replayMs = 60_000

export interface Proven extends ClaimedIdentity {
  /** The user whom the ticket was used for within the last 60 s; null for an unused ticket and for a code. */
  readonly used: { readonly userId: string; readonly proof: string | null } | null
}

/** Exchanges a login code at WeChat, and seals the session_key of the reply. */
export async function exchange(
  ports: Pick<Ports, 'wechat' | 'vault'>,
  appId: string,
  code: string,
): Promise<Identity> {
  const { openid, unionid, sessionKey } = await ports.wechat.exchangeCode(appId, code)
  const key = ports.vault.seal({ appId, openid }, sessionKey)
  return { appId, openid, unionid, key }
}

/**
 * Finds the identity of a proof.
 *
 * @throws Failure `ticket_rejected` without a reason, or WeChat's refusal of the code
 */
export async function resolveProof(ports: ProofPorts, proof: Proof): Promise<Proven> {
  if ('ticket' in proof) {
    const hash = ports.tokens.hashTicket(proof.ticket)
    const ticket = await ports.tickets.find({ hash, now: ports.now(), maxTries, replayMs })
    if (ticket === null) throw new Failure('ticket_rejected')
    return { ...ticket, ticketHash: hash }
  }
  const identity = await exchange(ports, proof.appId, proof.code)
  return { identity, ticketHash: null, used: null }
}

/**
 * Counts one try of the ticket. Call it before each password is verified.
 *
 * @throws Failure `ticket_rejected` where no try is left
 */
export async function spendTry(
  ports: Pick<Ports, 'tickets' | 'now'>,
  { ticketHash }: ClaimedIdentity,
): Promise<void> {
  if (ticketHash === null) return
  const request = { hash: ticketHash, now: ports.now(), maxTries }
  if (!(await ports.tickets.spendTry(request))) throw new Failure('ticket_rejected')
}
