import { blankImport } from '@mianmi/core/testing'
import type pg from 'pg'
import { beforeAll, expect, it } from 'vitest'
import { createTestDatabase, describePostgres } from '../../../testing/postgres/test-database.ts'
import { explore } from './interleaving.ts'
import { newIdentity, newSession, newUser, now, rules, unique } from './nodes.ts'

const prepare = async (client: pg.Client) => {
  await client.query('delete from users')
  return { identity: newIdentity() }
}

describePostgres('an import', () => {
  let url = ''
  beforeAll(async () => {
    url = await createTestDatabase()
  })

  it('binds no identity that is bound and unbound while it runs', async () => {
    await explore(url, {
      prepare,
      one: async ({ stores }, { identity: { appId, openid } }) => {
        const identities = [{ appId, openid, unionid: null }]
        const user = { ...blankImport, identities }
        const [outcome] = await stores.transfer.importUsers([{ user, newId: unique('user'), now }])
        return outcome?.status
      },
      other: async ({ stores }, { identity }) => {
        const user = { ...newUser(), account: unique('name'), accountKey: unique('key') }
        const claim = { identity, ticketHash: null }
        const bound = await stores.identities.register({ claim, user, session: newSession() })
        if (bound.status !== 'bound') return bound.status
        const { appId } = identity
        return stores.identities.unbind({
          ...{ userId: bound.user.id, appId, everywhere: false, caller: null, rules },
        })
      },
      check: async ({ client, scene, one, other }) => {
        const { rows } = await client.query('select user_id from identities where openid = $1', [
          scene.identity.openid,
        ])
        // `unchanged` where the import ran while the identity was bound.
        expect(['created identity_taken 1', 'taken unbound 0', 'unchanged unbound 0']).toContain(
          `${one} ${other} ${rows.length}`,
        )
      },
    })
  })
})
