import {
  type Identity,
  type IdentityRef,
  longestCall,
  type TicketStore,
} from '../../../src/index.ts'
import {
  deleteRows,
  type IdentityRow,
  insertRow,
  type MemoryState,
  type TicketRow,
} from '../state.ts'
import { identityKey, storedKey } from './identity-rows.ts'
import { wasUnbound } from './unbindings.ts'

/** How long a used ticket is kept at least, in ms: as long as its call may be repeated. */
const replayMs = 60_000

export function createTicketStore(state: MemoryState): TicketStore {
  return {
    async issue({ hash, identity, expiresAt }, now) {
      deleteRows(state.tickets, (ticket) => ticket.expiresAt <= now)
      insertRow(state.tickets, hash, { hash, identity, expiresAt, tries: 0, used: null })
    },

    async find({ hash, now, ttl, maxTries, replayMs: repeatableFor }) {
      const ticket = state.tickets.get(hash)
      if (ticket === undefined) return null
      const { identity, expiresAt, tries, used } = ticket
      const latest = now + longestCall
      if (used === null)
        return expiresAt > now && expiresAt <= latest + ttl && tries < maxTries
          ? { identity, used: null }
          : null
      const { at, ...by } = used
      return at > now - repeatableFor && at <= latest ? { identity, used: by } : null
    },

    async spendTry({ hash, now, maxTries }) {
      const ticket = state.tickets.get(hash)
      if (ticket === undefined || ticket.tries >= maxTries) return false
      if (ticket.used === null && ticket.expiresAt <= now) return false
      state.tickets.set(hash, { ...ticket, tries: ticket.tries + 1 })
      return true
    },

    async returnTry(hash) {
      const ticket = state.tickets.get(hash)
      if (ticket !== undefined && ticket.tries > 0)
        state.tickets.set(hash, { ...ticket, tries: ticket.tries - 1 })
    },
  }
}

export const isUnused = (state: MemoryState, hash: string): boolean =>
  state.tickets.get(hash)?.used === null

/** Whether the ticket was used for this user, at or after the given time. */
export function wasUsedBy(
  state: MemoryState,
  hash: string,
  { userId, since }: { userId: string; since: number },
): boolean {
  const used = state.tickets.get(hash)?.used
  return used != null && used.userId === userId && used.at >= since
}

/**
 * The identity as it came with each of its tickets, the oldest first. A map keeps the order in which its keys were
 * inserted, so it is the order of issue, whatever the clock says.
 */
export const ticketsOf = (state: MemoryState, identity: IdentityRef): Identity[] =>
  [...state.tickets.values()].filter(isOf(identity)).map((ticket) => ticket.identity)

/** Gives the tickets of an identity that is being unbound what WeChat returned since they were issued. */
export function renewTickets(state: MemoryState, bound: IdentityRow): void {
  const stored = storedKey(bound)
  for (const ticket of [...state.tickets.values()].filter(isOf(bound))) {
    const unionid = bound.unionid ?? ticket.identity.unionid
    const key = stored ?? ticket.identity.key
    state.tickets.set(ticket.hash, { ...ticket, identity: { ...ticket.identity, key, unionid } })
  }
}

const isOf =
  ({ appId, openid }: IdentityRef) =>
  ({ identity }: TicketRow): boolean =>
    identity.appId === appId && identity.openid === openid

/** Marks a ticket as used by a binding, within the verb that binds. */
export function markUsed(
  state: MemoryState,
  hash: string,
  { at, userId, proof }: { at: number; userId: string; proof: string | null },
): void {
  const ticket = state.tickets.get(hash)
  if (ticket === undefined) return
  const expiresAt = Math.max(ticket.expiresAt, at + replayMs)
  state.tickets.set(hash, { ...ticket, tries: 0, expiresAt, used: { at, userId, proof } })
}

/** Ends the tickets that the user used, and those issued to an identity that is bound to the user or was unbound from it. */
export function endTickets(state: MemoryState, userId: string): void {
  deleteRows(
    state.tickets,
    ({ used, identity }) =>
      used?.userId === userId ||
      state.identities.get(identityKey(identity))?.userId === userId ||
      wasUnbound(state, identity, userId),
  )
}
