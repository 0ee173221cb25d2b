import type { TestedStores } from '@mianmi/core/testing/conformance'
import { createUserStore } from '../../../src/store/postgres/account/users.ts'
import type { Postgres } from '../../../src/store/postgres/connection/index.ts'
import { createCodeStore } from '../../../src/store/postgres/identity/codes.ts'
import { createIdentityStore } from '../../../src/store/postgres/identity/identities.ts'
import { createTicketStore } from '../../../src/store/postgres/identity/tickets.ts'
import { createLimitStore } from '../../../src/store/postgres/rate-limit/limits.ts'
import { createSessionStore } from '../../../src/store/postgres/session/sessions.ts'
import { createPhoneSealer } from '../../../src/tokens/phone-sealer.ts'
import { createRootKey } from '../../../src/tokens/root-key.ts'

const phones = createPhoneSealer(createRootKey(new Uint8Array(32)))

/** A port that is not written yet. */
const missing = new Proxy(
  {},
  { get: (_, name) => () => Promise.reject(new Error(`no ${String(name)} yet`)) },
) as never

/** The PostgreSQL stores over the connections of one node. */
export function createPostgresStores(postgres: Postgres): TestedStores {
  const database = { ...postgres, phones, rememberSubjects: async () => {} }
  return {
    writesInOrder: false,
    users: createUserStore(database),
    avatars: missing,
    identities: createIdentityStore(database),
    tickets: createTicketStore(postgres),
    sessions: createSessionStore(postgres),
    limits: createLimitStore(postgres),
    codes: createCodeStore(postgres),
    audit: missing,
    people: missing,
    merges: missing,
    auditReader: missing,
    administrators: missing,
    roles: missing,
    statistics: missing,
    serviceUsers: missing,
    giveEnrolment: missing,
    countWechatAnswer: missing,
    makeAdmin: async (userId, role = 'admin') =>
      void (await postgres.writes.run('update users set role = $2 where id = $1', [userId, role])),
    pictureAt: missing,
  }
}
