import type { SignedIn } from '@mianmi/contracts'
import { reasonOf } from '../failure/failure.ts'
import { session } from './session.ts'

type UseTicket = (ticket: string) => Promise<SignedIn>

/**
 * Binds or registers with the session's ticket. A ticket that is not valid any more (after 5
 * minutes, or 5 wrong passwords) is replaced silently, once, so that the person need not type
 * again. The session is then signed in.
 *
 * @throws what `use` has thrown, or the error of a failed sign-in
 */
export async function proveWithTicket(use: UseTicket): Promise<void> {
  try {
    await acceptWith(use, session.state)
  } catch (error) {
    if (reasonOf(error) !== 'ticket_rejected') throw error
    await acceptWith(use, await session.signIn())
  }
}

async function acceptWith(use: UseTicket, current: typeof session.state): Promise<void> {
  const state =
    current.status === 'unbound' || current.status === 'signedIn' ? current : await session.signIn()
  if (state.status === 'offline') throw state.error
  if (state.status === 'unbound') await session.accept(await use(state.ticket))
}
