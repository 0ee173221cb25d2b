import type { Ports } from '../ports.ts'
import type { NewUser } from './identity-store.ts'

/** A new user, without an account unless one is given. */
export function draftUser(
  ports: Pick<Ports, 'tokens' | 'now'>,
  account: Pick<NewUser, 'account' | 'accountKey' | 'passwordHash'> = {
    account: null,
    accountKey: null,
    passwordHash: null,
  },
): NewUser {
  return { id: ports.tokens.newId(), createdAt: ports.now(), ...account }
}
