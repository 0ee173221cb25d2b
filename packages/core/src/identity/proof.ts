import type { PasswordCaller } from '../account/passwords.ts'
import type { Origin } from '../audit/audit-log.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import type { ClaimedIdentity, Identity } from './identity.ts'

type ProofPorts = Pick<Ports, 'tickets' | 'tokens' | 'wechat' | 'vault' | 'now' | 'policy'>

/** What proves the WeChat identity: a ticket from an earlier miniLogin, or a fresh login code. */
export type Proof = { readonly ticket: string } | { readonly appId: string; readonly code: string }

/** A ticket ends after this many wrong passwords and tried account names, so that it cannot be used to guess them. */
const maxTries = 5
/** How long a call with an already used ticket may be repeated, in ms, because its reply may have been lost. */
const replayMs = 60_000

export interface Proven extends ClaimedIdentity {
  /** The user whom the ticket was used for within the last 60 s; null for an unused ticket and for a code. */
  readonly used: { readonly userId: string; readonly proof: string | null } | null
}

/** Who acts with a proven identity, for the queue of passwords. */
export function identityCaller({
  appId,
  openid,
}: Pick<Identity, 'appId' | 'openid'>): Pick<PasswordCaller, 'kind' | 'id'> {
  return { kind: 'user', id: `${appId} ${openid}` }
}

/**
 * Exchanges a login code at WeChat, and seals the session_key of the reply.
 *
 * @throws Failure WeChat's refusal of the code, or `rate_limited` where too many codes of the network were refused
 */
export async function exchange(
  ports: Pick<Ports, 'wechat' | 'vault'>,
  { appId, code }: { appId: string; code: string },
  origin: Origin,
): Promise<Identity> {
  const network = origin.address
  const { openid, unionid, sessionKey } = await ports.wechat.exchangeCode(appId, code, network)
  const key = ports.vault.seal({ appId, openid }, sessionKey)
  return { appId, openid, unionid, key }
}

/**
 * Finds the identity of a proof.
 *
 * @throws Failure `ticket_rejected` without a reason, `rate_limited`, or WeChat's refusal of the code
 */
export async function resolveProof(
  ports: ProofPorts,
  proof: Proof,
  origin: Origin,
): Promise<Proven> {
  if ('ticket' in proof) {
    const hash = ports.tokens.hashTicket(proof.ticket)
    const ttl = ports.policy.ticketTtl
    const ticket = await ports.tickets.find({ hash, now: ports.now(), ttl, maxTries, replayMs })
    if (ticket === null) throw new Failure('ticket_rejected')
    return { ...ticket, ticketHash: hash }
  }
  const identity = await exchange(ports, proof, origin)
  return { identity, ticketHash: null, used: null }
}

/**
 * Verifies a password, and counts one try of the ticket. The try is given back where the queue of passwords was full or
 * too slow, because then no password was verified.
 *
 * @throws Failure `ticket_rejected` where no try is left, and what `verify` throws
 */
export async function countingTry<T>(
  ports: Pick<Ports, 'tickets' | 'now'>,
  { ticketHash }: ClaimedIdentity,
  verify: () => Promise<T>,
): Promise<T> {
  if (ticketHash === null) return verify()
  await spendTry(ports, { ticketHash })
  return verify().catch(async (error: unknown) => {
    if (error instanceof Failure && error.reason === 'overloaded')
      await ports.tickets.returnTry(ticketHash)
    throw error
  })
}

/**
 * Counts one try of the ticket. Call it before each password is verified, and before each new account name is looked up.
 *
 * @throws Failure `ticket_rejected` where no try is left
 */
export async function spendTry(
  ports: Pick<Ports, 'tickets' | 'now'>,
  { ticketHash }: Pick<ClaimedIdentity, 'ticketHash'>,
): Promise<void> {
  if (ticketHash === null) return
  const request = { hash: ticketHash, now: ports.now(), maxTries }
  if (!(await ports.tickets.spendTry(request))) throw new Failure('ticket_rejected')
}
