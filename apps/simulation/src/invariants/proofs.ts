import type { ClaimedIdentity, OpenedSignIn } from '@mianmi/core'
import { keyOf, ownerOf } from '../oracle/model.ts'
import type { Invariant } from './invariant.ts'

interface BindRequest {
  readonly claim: ClaimedIdentity
  readonly userId: string
  readonly passwordHash: string | null
  readonly phone?: string
}

const openedBy = (result: unknown): OpenedSignIn | null => {
  const opened = result as OpenedSignIn | null
  return opened?.status === 'bound' ? opened : null
}

export const currentPassword: Invariant = {
  name: 'current-password',
  sentence:
    'A password binds the user whose it is at that moment, and opens nothing once it was changed or cleared.',
  sees: 'before',
  watch({ oracle }, fail) {
    return {
      committed({ name, args, result }) {
        if (
          (name !== 'identities.bind' && name !== 'identities.repeat') ||
          openedBy(result) === null
        )
          return
        const { userId, passwordHash } = args[0] as BindRequest
        const user = oracle.model.users.get(userId)
        if (user === undefined)
          return fail(`${name} opened a user who was ${oracle.model.removed.get(userId)}`)
        if (user.isDisabled) return fail(`${name} opened a user who is disabled`)
        const isByPassword = name === 'identities.bind' || passwordHash !== null
        if (isByPassword && (passwordHash === null || user.passwordHash !== passwordHash))
          fail(`${name} took a password that is not the user's any more`)
      },
    }
  },
}

export const numberOfOwner: Invariant = {
  name: 'number-of-owner',
  sentence:
    'A number opens a user to the person who proved it for that user, and never to whom the carrier gave it since.',
  sees: 'before',
  watch({ oracle }, fail) {
    return {
      committed({ name, args, result }) {
        const opened = openedBy(result)
        if (name !== 'identities.bindPhone' || opened === null || opened.newUser) return
        const { claim } = args[0] as BindRequest
        const user = oracle.model.users.get(opened.user.id)
        if (user === undefined) return
        const person = oracle.personOf(claim.identity.openid)
        if (ownerOf(oracle.model, claim.identity)?.id === user.id) return
        if (user.phoneProvenBy !== person)
          return fail(`the number of ${user.phoneProvenBy} opened the user to ${person}`)
        const unboundAt = user.shutOut.get(keyOf(claim.identity))?.at
        // It may have been the number of a person who was shut out.
        if (unboundAt !== undefined && unboundAt >= user.phoneProvenAt && user.bindings.size === 0)
          fail('an identity that was unbound came back by a number that it may have proven itself')
      },
    }
  },
}

export const ticketOnce: Invariant = {
  name: 'ticket-once',
  sentence:
    'A ticket binds once; repeated, it opens only the user whom it bound, for a minute and while the binding stands.',
  sees: 'before',
  watch({ oracle }, fail) {
    const used = new Map<string, { userId: string; at: number }>()
    return {
      committed({ name, args, result }) {
        const opened = openedBy(result)
        const hash = (args[0] as Partial<BindRequest> | undefined)?.claim?.ticketHash ?? null
        if (opened === null || hash === null) return
        const { claim } = args[0] as BindRequest
        const before = used.get(hash)
        if (name !== 'identities.repeat') {
          if (before !== undefined) return fail('a ticket bound twice')
          used.set(hash, { userId: opened.user.id, at: oracle.now() })
          return
        }
        if (before === undefined) return fail('a ticket was repeated that had not been used')
        if (before.userId !== opened.user.id) return fail('a repeated ticket opened another user')
        // Two nodes' clocks may differ by ten minutes.
        if (oracle.now() - before.at > 12 * 60_000)
          return fail('a ticket was repeated long after its use')
        if (ownerOf(oracle.model, claim.identity)?.id !== opened.user.id)
          fail('a ticket was repeated after its binding was removed')
      },
    }
  },
}
