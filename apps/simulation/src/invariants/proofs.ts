import type { ClaimedIdentity, Identity, OpenedSignIn } from '@mianmi/core'
import { keyOf, ownerOf } from '../oracle/model.ts'
import { hashOf } from '../world/server/node.ts'
import { lateness } from './clocks.ts'
import type { Invariant } from './invariant.ts'

interface BindRequest {
  readonly claim: ClaimedIdentity
  readonly userId: string
  readonly passwordHash: string | null
}

interface TicketCall {
  readonly proof?: { readonly ticket?: string }
  readonly credential?: {
    readonly type?: string
    readonly code?: string
    readonly account?: string
  }
  readonly password?: string
}

const openedBy = (result: unknown): OpenedSignIn | null => {
  const opened = result as OpenedSignIn | null
  return opened?.status === 'bound' ? opened : null
}

export const currentPassword: Invariant = {
  name: 'current-password',
  sentence:
    'A password binds the user whose it is at that moment, opens nothing once it was changed or cleared, and is none that everybody uses.',
  sees: 'before',
  watch({ oracle }, fail) {
    return {
      served({ path, input }, result) {
        const { credential } = (input ?? {}) as TicketCall
        if (path !== 'bind' || !('data' in result) || credential?.account === undefined) return
        const { user } = result.data as { user: { account: string | null } }
        const isNumber = /^[+\d]+$/.test(credential.account)
        if (!isNumber && user.account !== credential.account)
          fail(`the password of ${credential.account} opened the user ${user.account}`)
      },
      committed({ name, args, result }) {
        const [given] = args as [{ to?: string; user?: { passwordHash: string | null } }]
        const isSet = result === 'changed' || (name === 'identities.register' && openedBy(result))
        if (isSet && [given.to, given.user?.passwordHash].includes(hashOf('password')))
          return fail(`${name} set a password that everybody knows`)
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

/** How long a ticket binds, and how long its call may be repeated, in ms. */
const ticketTime = 5 * 60_000
const repeatTime = 60_000

export const ticketOnce: Invariant = {
  name: 'ticket-once',
  sentence:
    'A ticket binds the WeChat that it was issued to, once and in time; repeated with the same credential, it opens only the user whom it bound, for a minute and while the binding stands.',
  sees: 'before',
  watch(world, fail) {
    const { oracle } = world
    const issued = new Map<string, { identity: string; at: number }>()
    const used = new Map<string, { userId: string; at: number }>()
    const credentials = new Map<string, string>()
    /** By the clock of the node: when a ticket expires, and when it was used. */
    const expires = new Map<string, number>()
    const usedAt = new Map<string, number>()
    return {
      looked({ name, args, result }) {
        if (name !== 'tickets.find' || result === null) return
        const { hash, now } = args[0] as { hash: string; now: number }
        const at = (result as { used: object | null }).used === null ? undefined : usedAt.get(hash)
        const end = at === undefined ? expires.get(hash) : at + repeatTime
        if (end !== undefined && end <= now)
          fail(
            at === undefined
              ? 'a ticket was accepted that had expired'
              : 'a ticket was repeated after its minute',
          )
      },
      served({ path, input }, result) {
        const { proof, credential, password } = (input ?? {}) as TicketCall
        if (!('data' in result) || proof?.ticket === undefined) return
        // Another password of the same user may be right by now.
        const given = credential?.code ?? credential?.type ?? `${path} with ${password}`
        const first = credentials.get(proof.ticket)
        if (first === undefined) credentials.set(proof.ticket, given)
        else if (first !== given && given !== 'password')
          fail('a ticket was repeated with another credential')
      },
      committed({ name, args, result }) {
        if (name === 'tickets.issue') {
          const { hash, identity, expiresAt } = args[0] as {
            hash: string
            identity: Identity
            expiresAt: number
          }
          expires.set(hash, expiresAt)
          issued.set(hash, { identity: keyOf(identity), at: oracle.now() })
        }
        const opened = openedBy(result)
        const hash = (args[0] as Partial<BindRequest> | undefined)?.claim?.ticketHash ?? null
        if (opened === null || hash === null) return
        const { claim } = args[0] as BindRequest
        const before = used.get(hash)
        const ticket = issued.get(hash)
        if (ticket?.identity !== keyOf(claim.identity))
          return fail('a ticket bound another WeChat than it was issued to')
        if (name !== 'identities.repeat') {
          if (oracle.now() - ticket.at > ticketTime + lateness(world))
            return fail('a ticket bound long after its time')
          if (before !== undefined) return fail('a ticket bound twice')
          used.set(hash, { userId: opened.user.id, at: oracle.now() })
          usedAt.set(hash, (args[0] as { session: { createdAt: number } }).session.createdAt)
          return
        }
        if (before === undefined) return fail('a ticket was repeated that had not been used')
        if (before.userId !== opened.user.id) return fail('a repeated ticket opened another user')
        if (oracle.now() - before.at > repeatTime + lateness(world))
          return fail('a ticket was repeated long after its use')
        if (ownerOf(oracle.model, claim.identity)?.id !== opened.user.id)
          fail('a ticket was repeated after its binding was removed')
      },
    }
  },
}
