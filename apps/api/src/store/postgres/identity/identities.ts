import type { IdentityStore, NewSession } from '@mianmi/core'
import { lockCaller } from '../account/lock-caller.ts'
import { lockIdentities, type Postgres } from '../connection/index.ts'
import type { PostgresDatabase } from '../database.ts'
import { refuseCaller } from '../session/callers.ts'
import { createBindings } from './bindings.ts'
import {
  findInApp,
  findOfSession,
  findOwned,
  type IdentityKeys,
  listIdentities,
  renewKey,
} from './identity-rows.ts'
import { createSignIn, createSweepAfterSignIn } from './sign-in.ts'
import { unbind } from './unbind.ts'

/** Each verb locks what it rests on before it reads it, so what it checks still holds when it writes. */
export function createIdentityStore(database: PostgresDatabase & Postgres): IdentityStore {
  const { reads, transaction } = database
  const sweep = createSweepAfterSignIn(database)
  const bindings = createBindings(database)
  const sweepAfter =
    <Request extends { session: NewSession }, Result extends { status: string }>(
      verb: (request: Request) => Promise<Result>,
    ) =>
    async (request: Request): Promise<Result> => {
      const result = await verb(request)
      if (result.status === 'bound') await sweep(request.session.createdAt)
      return result
    }
  return {
    ...createSignIn(database, sweep),
    bind: sweepAfter(bindings.bind),
    register: sweepAfter(bindings.register),
    bindPhone: sweepAfter(bindings.bindPhone),
    repeat: sweepAfter(bindings.repeat),

    confirm: ({ identity, caller }) =>
      transaction([], async (tx) => {
        await lockIdentities(tx, [identity])
        const refused = await lockCaller(tx, caller)
        if (refused !== null) return refused
        const owned = await findOwned(tx, identity)
        if (owned?.user.id !== caller.userId) return false
        await renewKey(tx, identity, owned)
        return true
      }),

    findOwner: async (identity) => (await findOwned(reads, identity))?.user.id ?? null,

    list: (userId) => listIdentities(reads, userId),

    unbind: (request) => transaction([], (tx) => unbind(tx, request)),

    async sessionKeys({ userId, appId }) {
      const row = await findInApp(reads, userId, appId)
      return row && { openid: row.openid, keys: keysOf(row) }
    },

    async callerKeys(caller) {
      const refused = await refuseCaller(reads, caller)
      if (refused !== null) return refused
      const row = await findOfSession(reads, caller.sessionId)
      return row && { appId: row.appId, openid: row.openid, keys: keysOf(row) }
    },
  }
}

const keysOf = ({ sealedKey, previousKey }: IdentityKeys): string[] =>
  [sealedKey, previousKey].filter((key) => key !== null)
