import { Failure } from '../failure.ts'
import type { Ports } from '../ports.ts'
import { draftSession, type SignedIn, signedIn } from '../session/open-session.ts'

export interface Unbound {
  readonly status: 'unbound'
  readonly ticket: string
  readonly ticketExpiresAt: number
}

/**
 * Signs in whoever holds the phone. An identity that no user has gets a ticket to bind with, or
 * becomes a user at once where the policy says so.
 *
 * @throws Failure what WeChat answers to the code, or `user_disabled`
 */
export async function miniLogin(
  ports: Ports,
  input: { appId: string; code: string; device: string | null },
): Promise<SignedIn | Unbound> {
  const { appId, code } = input
  const identity = { appId, ...(await ports.wechat.exchangeCode(appId, code)) }
  const session = draftSession(ports, input)
  let result = await ports.identities.signIn({ identity, session })
  if (result.status === 'unbound') {
    if (ports.policy.signUp === 'bind') {
      const { ticket, hash } = ports.tokens.newTicket()
      const now = ports.now()
      const expiresAt = now + ports.policy.ticketTtl
      await ports.tickets.issue({ hash, identity, expiresAt }, now)
      return { status: 'unbound', ticket, ticketExpiresAt: expiresAt }
    }
    const user = {
      id: ports.tokens.newId(),
      account: null,
      accountKey: null,
      passwordHash: null,
      createdAt: session.createdAt,
    }
    result = await ports.identities.signUp({ identity, user, session })
  }
  if (result.status === 'user_disabled') throw new Failure('user_disabled')
  return signedIn(ports, session, result)
}
