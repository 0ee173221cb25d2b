import type { IdentityStore } from '@mianmi/core'
import { createMergedSweep } from '../account/merged-sweep.ts'
import type { Postgres } from '../connection/index.ts'
import type { PostgresDatabase } from '../database.ts'
import { createSweep } from '../sweep.ts'
import { lockScene } from './binding-scene.ts'
import { create, signInOwner } from './binding-steps.ts'
import { createSignInGroups } from './sign-in-groups.ts'

/** Deletes what has expired, after a sign-in. */
export type SweepAfterSignIn = (at: number) => Promise<void>

export function createSweepAfterSignIn(database: PostgresDatabase): SweepAfterSignIn {
  const sweepMerged = createMergedSweep(database)
  const sweepSessions = createSweep(database, { table: 'sessions', key: 'id', time: 'expires_at' })
  return async (at) => {
    await sweepMerged(at)
    // A clock that is ahead for a while signs no user out for good.
    await sweepSessions(database.clock.observe(at).earliest)
  }
}

export function createSignIn(
  database: PostgresDatabase & Postgres,
  sweep: SweepAfterSignIn,
): Pick<IdentityStore, 'signIn' | 'signUp'> {
  const { transaction } = database
  const signInGrouped = createSignInGroups(database)
  const sweepLimits = createSweep(database, { table: 'limits', key: 'key', time: 'ends_at' })
  return {
    async signIn({ identity, session, use }) {
      const grouped = await signInGrouped({ identity, session, use })
      await sweepLimits(use.now)
      if (grouped.status === 'bound') await sweep(session.createdAt)
      if (grouped.status !== 'needs_more') return grouped
      const signedIn = await transaction([], async (tx) =>
        signInOwner(tx, await lockScene(tx, { claim: { identity, ticketHash: null } }), session),
      )
      if (signedIn?.status === 'bound') await sweep(session.createdAt)
      return signedIn ?? { status: 'unbound' }
    },
    async signUp({ identity, user, session }) {
      const result = await transaction([], async (tx) => {
        const scene = await lockScene(tx, { claim: { identity, ticketHash: null } })
        const signedIn = await signInOwner(tx, scene, session)
        if (signedIn !== null) return signedIn
        const created = await create(tx, scene, { database, session, draft: user })
        if (created.status !== 'bound')
          throw new Error('the identity was not bound in this transaction')
        return created
      })
      if (result.status === 'bound') await sweep(session.createdAt)
      return result
    },
  }
}
