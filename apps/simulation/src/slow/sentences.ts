import { invariants } from '../invariants/index.ts'
import type { Invariant } from '../invariants/invariant.ts'

/**
 * How a slow run holds each sentence: `judged` in the order that explains what was seen, `live` where no order of the nodes'
 * work matters, or not at all. README.md says what is seen of each, and why the others cannot be.
 */
export const sentences: Readonly<Record<string, 'judged' | 'live' | 'not seen'>> = {
  'own-user': 'live',
  'own-reply': 'judged',
  'ended-stays-ended': 'judged',
  'shut-out-stays-out': 'judged',
  'one-person': 'judged',
  'own-proof': 'judged',
  'current-password': 'judged',
  'number-of-owner': 'judged',
  'ticket-once': 'judged',
  'code-once': 'live',
  'ended-sessions-go': 'judged',
  'no-user-is-signed-out': 'judged',
  'session-time': 'not seen',
  'bindings-hold': 'judged',
  'users-stay': 'judged',
  // What a call has done is made from its reply, so a reply that tells too much differs from the database at the next look.
  acknowledged: 'not seen',
  'merges-keep': 'judged',
  'deleted-leaves-nothing': 'judged',
  // Both look into the store at moments that only the simulation knows.
  'events-told': 'not seen',
  'limits-count': 'not seen',
  // They need the moment at which each call arrived, each look at a limit, and what each refresh presented.
  'leaves-a-line': 'not seen',
  'limits-spare': 'not seen',
  'refused-rightly': 'not seen',
  'shown-truly': 'not seen',
  'tokens-rotate': 'not seen',
  'undo-gives-back': 'not seen',
  'way-in': 'judged',
  'everybody-gets-in': 'live',
  'attacker-reach': 'live',
  guessing: 'live',
  'limits-hold': 'live',
  'closed-reasons': 'live',
  'phone-stays-signed-in': 'live',
  'sign-out-holds': 'live',
  'phone-manners': 'live',
  'phone-waits': 'live',
  'keeps-profile': 'live',
  'no-hanging': 'live',
  // The run itself fails it: for unhandled errors, and for a process that ends by itself.
  'no-surprise': 'live',
}

export const sentencesThatAre = (how: 'judged' | 'live'): Invariant[] =>
  invariants.filter(({ name }) => sentences[name] === how)
