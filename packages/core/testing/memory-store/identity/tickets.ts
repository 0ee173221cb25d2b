import type { Identity, TicketStore } from '../../../src/index.ts'
import { deleteRows, insertRow, type MemoryState } from '../state.ts'

/** How long a used ticket is kept at least, in ms: as long as its call may be repeated. */
const replayMs = 60_000

export function createTicketStore(state: MemoryState): TicketStore {
  return {
    async issue({ hash, identity, expiresAt }, now) {
      deleteRows(state.tickets, (ticket) => ticket.expiresAt <= now)
      insertRow(state.tickets, hash, { hash, identity, expiresAt, tries: 0, used: null })
    },

    async find({ hash, now, maxTries, replayMs: repeatableFor }) {
      const ticket = state.tickets.get(hash)
      if (ticket === undefined) return null
      const { identity, expiresAt, tries, used } = ticket
      if (used === null)
        return expiresAt > now && tries < maxTries ? { identity, used: null } : null
      const { at, ...by } = used
      return at > now - repeatableFor ? { identity, used: by } : null
    },

    async spendTry({ hash, now, maxTries }) {
      const ticket = state.tickets.get(hash)
      if (ticket === undefined || ticket.tries >= maxTries) return false
      if (ticket.used === null && ticket.expiresAt <= now) return false
      state.tickets.set(hash, { ...ticket, tries: ticket.tries + 1 })
      return true
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

/** The identity as it came with the newest ticket that was issued for it after this one; null where there is none. */
export function newerIdentity(state: MemoryState, hash: string): Identity | null {
  const issued = [...state.tickets.values()]
  const own = issued.findIndex((ticket) => ticket.hash === hash)
  const identity = issued[own]?.identity
  const newer = issued
    .slice(own + 1)
    .findLast(
      (ticket) =>
        ticket.identity.appId === identity?.appId && ticket.identity.openid === identity.openid,
    )
  return newer?.identity ?? null
}

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
