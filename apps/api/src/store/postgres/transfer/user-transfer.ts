import { accountKey, maskPhone } from '@mianmi/core'
import {
  decideImport,
  type ImportDraft,
  type ImportOutcome,
  type UserTransferStore,
  uniqueValuesOf,
} from '@mianmi/core/transfer'
import type { PhoneSealer } from '../../../tokens/phone-sealer.ts'
import { isImportedHash } from '../../account/imported-hash.ts'
import { type Queries, runAgain } from '../connection/index.ts'
import type { PostgresDatabase } from '../database.ts'
import { findOwners, findUnbound, ownerKey, readUsers } from './user-reads.ts'

/** Users in bulk. A name, a number or an identity that another transaction takes meanwhile makes the batch run again. */
export function createUserTransferStore({
  reads,
  transaction,
  snapshot,
  phones,
}: Pick<PostgresDatabase, 'reads' | 'transaction' | 'snapshot' | 'phones'>): UserTransferStore {
  return {
    importUsers: (drafts) =>
      // Two imports that insert the same users in different orders would wait for each other.
      transaction(['import'], async (tx) => {
        const outcomes = await decide(tx, phones, drafts)
        const created = drafts.filter((_, index) => outcomes[index]?.status === 'created')
        await createUsers(tx, phones, created)
        await requireNoneUnbound(tx, created)
        return outcomes
      }),
    rehearse: (drafts) => decide(reads, phones, drafts),
    exportUsers: (request) => snapshot((queries) => readUsers(queries, phones, request)),
    async nextImportedHash(after) {
      const row = await reads.first<{ hash: string }>(nextHash, [after])
      return row?.hash ?? null
    },
  }
}

const nextHash = `select password_hash as hash from users where password_hash > $1 and ${isImportedHash}
  order by password_hash limit 1`

async function decide(
  queries: Queries,
  phones: PhoneSealer,
  drafts: readonly ImportDraft[],
): Promise<ImportOutcome[]> {
  const values = drafts.map(({ user }) => uniqueValuesOf(user))
  const present = await findOwners(queries, phones, values.flat())
  const unbound = await findUnbound(queries, values.flat())
  return drafts.map(({ user, newId }, index) => {
    const own = values[index] ?? []
    const owners = own.flatMap((value) => {
      const owner = present.get(ownerKey(value))
      return owner === undefined ? [] : [{ field: value.field, user: owner }]
    })
    const [unboundFrom = null] = own.flatMap((value) => unbound.get(ownerKey(value)) ?? []).sort()
    const decided = decideImport(user, { owners, unboundFrom })
    return decided ?? { status: 'created', userId: user.id ?? newId }
  })
}

/**
 * No other transaction can bind the identities now. One that was bound and unbound since the decision stays unbound.
 *
 * @throws QueryError where there is one, so that the batch runs again
 */
async function requireNoneUnbound(tx: Queries, created: readonly ImportDraft[]): Promise<void> {
  const unbound = await findUnbound(
    tx,
    created.flatMap(({ user }) => uniqueValuesOf(user)),
  )
  if (unbound.size > 0) throw runAgain('an identity was unbound meanwhile')
}

const insertUsers = `insert into users (id, external_id, account, account_key, password_hash, phone, phone_key,
    sealed_phone, phone_proven_at, nickname, disabled_at, created_at)
  select id, "externalId", account, "accountKey", "passwordHash", masked, "phoneKey", "sealedPhone",
    "phoneProvenAt", nickname, "disabledAt", "createdAt"
  from jsonb_to_recordset($1::jsonb) as r(id text, "externalId" text, account text, "accountKey" text,
    "passwordHash" text, masked text, "phoneKey" text, "sealedPhone" text, "phoneProvenAt" bigint, nickname text,
    "disabledAt" bigint, "createdAt" bigint)`

const insertIdentities = `insert into identities (app_id, openid, unionid, user_id, bound_at)
  select "appId", openid, unionid, "userId", "boundAt"
  from jsonb_to_recordset($1::jsonb) as r("appId" text, openid text, unionid text, "userId" text, "boundAt" bigint)`

async function createUsers(
  tx: Queries,
  phones: PhoneSealer,
  drafts: readonly ImportDraft[],
): Promise<void> {
  if (drafts.length === 0) return
  const users = drafts.map(({ user, newId, now }) => {
    const { identities, account, phone, ...columns } = user
    const id = user.id ?? newId
    return {
      ...columns,
      id,
      account,
      accountKey: account && accountKey(account),
      masked: phone && maskPhone(phone),
      phoneKey: phone && phones.key(phone),
      sealedPhone: phone && phones.seal(id, phone),
      createdAt: user.createdAt ?? now,
      identities,
    }
  })
  const rows = users.map(({ identities: _, ...row }) => row)
  await tx.run(insertUsers, [JSON.stringify(rows)])
  const identities = users.flatMap(({ id: userId, createdAt: boundAt, identities }) =>
    identities.map((identity) => ({ ...identity, userId, boundAt })),
  )
  if (identities.length > 0) await tx.run(insertIdentities, [JSON.stringify(identities)])
}
