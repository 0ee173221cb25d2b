import type { SignedIn } from '@mianmi/contracts'
import { reasonOf } from '../failure/failure.ts'
import { session } from './session.ts'

type Attempt = (ticket: string) => Promise<SignedIn>

/**
 * Makes an attempt with the ticket at hand. A ticket that died in the meantime (5 minutes, or 5
 * wrong passwords) is replaced silently, once, so that nobody types twice. Ends signed in, or
 * throws what `attempt` threw.
 */
export async function proveWithTicket(attempt: Attempt): Promise<void> {
  try {
    await acceptFrom(attempt, session.state)
  } catch (error) {
    if (reasonOf(error) !== 'ticket_rejected') throw error
    await acceptFrom(attempt, await session.signIn())
  }
}

async function acceptFrom(attempt: Attempt, from: typeof session.state): Promise<void> {
  const state =
    from.status === 'unbound' || from.status === 'signedIn' ? from : await session.signIn()
  if (state.status === 'offline') throw state.error
  if (state.status === 'unbound') await session.accept(await attempt(state.ticket))
}
