import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { ClaimedIdentity, Identity } from './identity.ts'

type ProofPorts = Pick<Ports, 'tickets' | 'tokens' | 'wechat' | 'vault' | 'now'>

/** Who WeChat says is calling: a ticket from an earlier miniLogin, or a fresh login code. */
export type Proof = { readonly ticket: string } | { readonly appId: string; readonly code: string }

/** A ticket is burnt by this many wrong passwords, so that it is no tool for guessing them. */
const maxTries = 5
/** How long, in ms, a call whose reply was lost may be repeated with the ticket that it has used up. */
const replayMs = 60_000

export interface Proven extends ClaimedIdentity {
  /** Whom the ticket was bound to a moment ago; null for a ticket not used yet, and for a code. */
  readonly used: { readonly userId: string; readonly proof: string | null } | null
}

/** Asks WeChat once whom a code stands for, and seals the key that comes with the answer. */
export async function exchange(
  ports: Pick<Ports, 'wechat' | 'vault'>,
  appId: string,
  code: string,
): Promise<Identity> {
  const { openid, unionid, sessionKey } = await ports.wechat.exchangeCode(appId, code)
  const key = ports.vault.seal({ appId, openid }, sessionKey)
  return { appId, openid, unionid, key }
}

/** @throws Failure `ticket_rejected` without saying why, or whatever WeChat answers to a code */
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

/** To be called before each password is looked at. @throws Failure `ticket_rejected` when none is left */
export async function spendTry(
  ports: Pick<Ports, 'tickets' | 'now'>,
  { ticketHash }: ClaimedIdentity,
): Promise<void> {
  if (ticketHash === null) return
  const request = { hash: ticketHash, now: ports.now(), maxTries }
  if (!(await ports.tickets.spendTry(request))) throw new Failure('ticket_rejected')
}
