import { canStillSignIn, type IdentityStore, identitiesOfWechat } from '@mianmi/core'
import { findUser } from '../account/user-rows.ts'
import { isolateUsers, lockTickets, runAgain, type Transaction } from '../connection/index.ts'
import { refuseCaller } from '../session/callers.ts'
import { endSessions } from '../session/end-sessions.ts'
import { endUnidentified } from '../session/session-rows.ts'
import { identitiesOf } from './identity-reads.ts'
import { deleteIdentity } from './identity-rows.ts'
import { findTicketsOf, renewTickets } from './ticket-rows.ts'
import { addUnbinding, type UnboundIdentity } from './unbindings.ts'

type UnbindRequest = Parameters<IdentityStore['unbind']>[0]

export async function unbind(
  tx: Transaction,
  { userId, appId, everywhere, caller, rules }: UnbindRequest,
): Promise<Awaited<ReturnType<IdentityStore['unbind']>>> {
  await lockUserAndTickets(tx, userId)
  const refused = caller === null ? null : await refuseCaller(tx, caller)
  if (refused !== null) return refused
  const user = await findUser(tx, userId)
  const bound = await identitiesOf(tx, userId)
  const named = bound.find((identity) => identity.appId === appId)
  if (user === null || named === undefined) return 'not_found'
  const { unionid } = named
  const removed = everywhere ? identitiesOfWechat(named, bound) : [named]
  const others = bound.filter((identity) => !removed.includes(identity))
  if (!canStillSignIn({ ...user, identities: others }, rules, unionid)) return 'last'
  const keepSessionId = everywhere || caller === null ? null : caller.sessionId
  await detach(tx, removed, { userId, keepSessionId, at: rules.now })
  if (everywhere) await endUnidentified(tx, userId)
  return 'unbound'
}

/** The tickets of the user's identities are renewed by the unbinding, so they come first in the order of locks. */
async function lockUserAndTickets(tx: Transaction, userId: string): Promise<void> {
  const find = async () => findTicketsOf(tx, await identitiesOf(tx, userId))
  const locked = await find()
  await lockTickets(tx, locked)
  await isolateUsers(tx, [userId])
  const found = await find()
  if (!found.every((hash) => locked.includes(hash))) throw runAgain('a ticket was issued meanwhile')
}

/** Removes identities of a user, so that they are not bound silently again, and ends their sessions. */
async function detach(
  tx: Transaction,
  removed: readonly UnboundIdentity[],
  { userId, keepSessionId, at }: { userId: string; keepSessionId: string | null; at: number },
): Promise<void> {
  await renewTickets(tx, removed)
  for (const identity of removed) {
    await deleteIdentity(tx, userId, identity.appId)
    await addUnbinding(tx, identity, { userId, at })
    const { appId, openid, unionid } = identity
    tx.outbox.emit({ type: 'identity.unbound', userId, appId, openid, unionid })
    await endSessions(tx, [userId], { keep: keepSessionId, appId: identity.appId })
  }
}
