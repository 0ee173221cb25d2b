import type { ClaimedIdentity, Identity } from '@mianmi/core'
import { keyOf, type Model, type Oracle, ownerOf, toldOf } from './model.ts'

/** Keeps what WeChat said of an identity. */
export function tell(model: Model, identity: Pick<Identity, 'appId' | 'openid' | 'unionid'>): void {
  const { unionid } = identity
  if (unionid === null) return
  const known = model.told.get(keyOf(identity)) ?? []
  if (known.at(-1) !== unionid) model.told.set(keyOf(identity), [...known, unionid])
}

/** The identity of a claim; what came with a code is news of WeChat, what came with a ticket was told before. */
export function told(oracle: Oracle, { identity, ticketHash }: ClaimedIdentity): Identity {
  forget(oracle, identity)
  if (ticketHash === null) tell(oracle.model, identity)
  return identity
}

/**
 * Of an identity that is bound to no user, and was unbound from none, the service keeps what WeChat said with the tickets that
 * are kept, and nothing beyond them. Of another one they count where nothing else is known.
 */
export function forget(
  { model, state }: Oracle,
  identity: Pick<Identity, 'appId' | 'openid'>,
): void {
  const key = keyOf(identity)
  const isUnbound = [...model.users.values()].some(({ shutOut }) => shutOut.has(key))
  const isKept = isUnbound || ownerOf(model, identity) !== null
  if (isKept && toldOf(model, identity).length > 0) return
  const issued = [...state.tickets.values()]
    .filter((ticket) => keyOf(ticket.identity) === key)
    .flatMap((ticket) => ticket.identity.unionid ?? [])
  model.told.set(
    key,
    issued.filter((unionid, index) => unionid !== issued[index - 1]),
  )
}
