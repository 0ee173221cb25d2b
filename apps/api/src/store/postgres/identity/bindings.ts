import { decidePhoneClaim, type IdentityStore } from '@mianmi/core'
import { phoneLocks } from '../account/user-locks.ts'
import { findUser, findUserByPhone, hasAccount, setUserPhone } from '../account/user-rows.ts'
import type { PostgresDatabase } from '../database.ts'
import { lockScene } from './binding-scene.ts'
import { attach, create, open, refuseTicket } from './binding-steps.ts'
import { identitiesOf } from './identity-reads.ts'
import { findTicketUse } from './ticket-rows.ts'
import { lastUnboundAt } from './unbindings.ts'

type Bindings = Pick<IdentityStore, 'bind' | 'register' | 'bindPhone' | 'repeat'>

export function createBindings(database: PostgresDatabase): Bindings {
  const { transaction } = database
  return {
    bind: ({ claim, userId, passwordHash, session }) =>
      transaction([], async (tx) => {
        const scene = await lockScene(tx, { claim, findTarget: async () => userId })
        const user = await findUser(tx, userId)
        if (user === null) return { status: 'ticket_rejected' }
        const refusal = await refuseTicket(tx, scene)
        if (refusal) return refusal
        if (user.passwordHash !== passwordHash) return { status: 'credential_rejected' }
        return attach(tx, scene, { database, user, session })
      }),

    register: ({ claim, user, session }) =>
      transaction([], async (tx) => {
        const scene = await lockScene(tx, { claim })
        const refusal = await refuseTicket(tx, scene)
        if (refusal) return refusal
        if (await hasAccount(tx, user.accountKey)) return { status: 'account_taken' }
        return create(tx, scene, { database, session, draft: user })
      }),

    bindPhone: createBindPhone(database),

    repeat: ({ claim, userId, passwordHash, session }) =>
      transaction([], async (tx) => {
        const { owned } = await lockScene(tx, { claim, findTarget: async () => userId })
        const user = await findUser(tx, userId)
        const use = claim.ticketHash === null ? null : await findTicketUse(tx, claim.ticketHash)
        // The binding that the ticket made for this user stands.
        const stands =
          use?.userId === userId && owned?.user.id === userId && owned.boundAt <= use.at
        if (user === null || user.role === 'admin' || !stands) return { status: 'ticket_rejected' }
        if (passwordHash !== null && user.passwordHash !== passwordHash)
          return { status: 'credential_rejected' }
        return user.disabledAt === null ? open(tx, user, { session }) : { status: 'user_disabled' }
      }),
  }
}

function createBindPhone(database: PostgresDatabase): IdentityStore['bindPhone'] {
  const { transaction, phones } = database
  return ({ claim, phone, proof, user, session, rules }) =>
    transaction(phoneLocks(phones, phone), async (tx) => {
      const scene = await lockScene(tx, {
        claim,
        findTarget: async (queries) => (await findUserByPhone(queries, phones, phone))?.id ?? null,
      })
      const refusal = await refuseTicket(tx, scene)
      if (refusal) return refusal
      const { owned, targetId, unionid } = scene
      const owner = targetId === null ? null : await findUser(tx, targetId)
      const draft = { ...user, phone, proof }
      if (owner === null) return create(tx, scene, { database, session, draft })
      const means = {
        ...owner,
        identities: await identitiesOf(tx, owner.id),
        unboundAt: await lastUnboundAt(tx, owner.id),
      }
      const isOwn = owned?.user.id === owner.id
      const decision = decidePhoneClaim(means, { ...claim.identity, unionid, isOwn }, rules)
      if (decision === 'reject') return { status: 'phone_rejected' }
      if (decision === 'move')
        return create(tx, scene, { database, session, draft: { ...draft, phoneOf: owner.id } })
      const bound = await attach(tx, scene, { database, user: owner, session, proof })
      if (bound.status === 'bound')
        await setUserPhone(tx, phones, { id: owner.id, phone, provenAt: rules.now })
      return bound
    })
}
