import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { Claim } from './identity.ts'

/** Who WeChat says is calling: a ticket from an earlier miniLogin, or a fresh login code. */
export type Proof = { readonly ticket: string } | { readonly appId: string; readonly code: string }

/** A ticket is burnt by this many wrong passwords, so that it is no tool for guessing them. */
const maxTries = 5

/** @throws Failure `ticket_rejected` without saying why, or whatever WeChat answers to a code */
export async function readProof(ports: Ports, proof: Proof): Promise<Claim> {
  if ('ticket' in proof) {
    const hash = ports.tokens.hashTicket(proof.ticket)
    const identity = await ports.tickets.find({ hash, now: ports.now(), maxTries })
    if (identity === null) throw new Failure('ticket_rejected')
    return { identity, ticketHash: hash }
  }
  const known = await ports.wechat.exchangeCode(proof.appId, proof.code)
  return { identity: { appId: proof.appId, ...known }, ticketHash: null }
}

/** To be called before each password is looked at. @throws Failure `ticket_rejected` when none is left */
export async function spendTry(ports: Ports, { ticketHash }: Claim): Promise<void> {
  if (ticketHash === null) return
  const request = { hash: ticketHash, now: ports.now(), maxTries }
  if (!(await ports.tickets.spendTry(request))) throw new Failure('ticket_rejected')
}
