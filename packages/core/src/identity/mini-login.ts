import type { Origin } from '../audit/audit-log.ts'
import type { NoteSubject } from '../audit/audited.ts'
import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { tooMany, useOf } from '../rate-limit/limits.ts'
import { draftSession, type SignedIn, signedIn } from '../session/open-session.ts'
import { draftUser } from './draft-user.ts'
import type { Identity } from './identity.ts'
import { exchange } from './proof.ts'

type MiniLoginPorts = Pick<
  Ports,
  'identities' | 'tickets' | 'tokens' | 'wechat' | 'vault' | 'now' | 'policy'
>

export interface Unbound {
  readonly status: 'unbound'
  readonly ticket: string
  readonly ticketExpiresAt: number
  readonly identity: Identity
}

/**
 * Signs in the WeChat user of a login code. An identity without a user gets a ticket to bind with, or becomes a
 * user at once where the policy says so.
 *
 * @throws Failure `rate_limited`, `user_disabled`, `forbidden` for the identity of an administrator, or WeChat's refusal of the code
 */
export async function miniLogin(
  ports: MiniLoginPorts,
  input: { appId: string; code: string; origin: Origin },
  note: NoteSubject,
): Promise<SignedIn | Unbound> {
  const identity = await exchange(ports, input, input.origin)
  const session = draftSession(ports, input)
  const use = useOf(ports, 'login of openid', `${identity.appId} ${identity.openid}`)
  let result = await ports.identities.signIn({ identity, session, use })
  if (result.status !== 'bound' && result.status !== 'unbound')
    note({ userId: await ports.identities.findOwner(identity) })
  if (result.status === 'limited') throw tooMany(use, result.endsAt)
  if (result.status === 'unbound') {
    if (ports.policy.signUp === 'bind') return issueTicket(ports, identity)
    result = await ports.identities.signUp({ identity, user: draftUser(ports), session })
  }
  if (result.status !== 'bound') throw new Failure(result.status)
  return signedIn(ports, { session, identity }, result)
}

async function issueTicket(
  ports: Pick<Ports, 'tickets' | 'tokens' | 'now' | 'policy'>,
  identity: Identity,
): Promise<Unbound> {
  const { ticket, hash } = ports.tokens.newTicket()
  const now = ports.now()
  const ticketExpiresAt = now + ports.policy.ticketTtl
  await ports.tickets.issue({ hash, identity, expiresAt: ticketExpiresAt }, now)
  return { status: 'unbound', ticket, ticketExpiresAt, identity }
}
