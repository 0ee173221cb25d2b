import type { Observer } from '../world/observers.ts'

/** What has become of tickets and login codes, as the nodes' replies tell it. */
export interface TicketRecords {
  readonly records: Observer
  /** Whether a call with this ticket has succeeded. */
  ticketUsed(ticket: string): boolean
  /** Whether a call with this login code has succeeded more than once. */
  codeUsedBefore(code: string): boolean
}

export function createTicketRecords(): TicketRecords {
  const tickets = new Set<string>()
  const codes = new Map<string, number>()
  return {
    ticketUsed: (ticket) => tickets.has(ticket),
    codeUsedBefore: (code) => (codes.get(code) ?? 0) > 1,
    records: {
      served({ input }, result) {
        if (!('data' in result)) return
        const { proof, code } = (input ?? {}) as {
          proof?: { ticket?: string; code?: string }
          code?: string
        }
        if (proof?.ticket !== undefined) tickets.add(proof.ticket)
        const used = proof?.code ?? code
        if (used !== undefined) codes.set(used, (codes.get(used) ?? 0) + 1)
      },
    },
  }
}
