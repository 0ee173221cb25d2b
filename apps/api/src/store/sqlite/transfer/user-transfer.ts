import { accountKey, maskPhone } from '@mianmi/core'
import {
  decideImport,
  type ImportDraft,
  type ImportOutcome,
  type UniqueValue,
  type UserTransferStore,
  uniqueValuesOf,
  type ValueOwner,
} from '@mianmi/core/transfer'
import { isImportedHash } from '../../account/imported-hash.ts'
import type { Database } from '../database.ts'
import { readUsers } from './read-users.ts'
import { prepareUserReads } from './user-reads.ts'

/** Users in bulk. One connection writes, so a batch sees each other writer completely or not at all. */
export function createUserTransferStore(database: Database): UserTransferStore {
  const { write } = database
  const { ownerOf, unboundFrom } = prepareUserReads(database)
  const create = prepareCreation(database)
  const nextHash = database.sqlite
    .prepare<[string], string>(
      `select password_hash from users where password_hash > ? and ${isImportedHash}
       order by password_hash limit 1`,
    )
    .pluck()
  const decide = ({ user }: ImportDraft) => {
    const owners = uniqueValuesOf(user).flatMap((value: UniqueValue): ValueOwner[] => {
      const owner = ownerOf(value)
      return owner === null ? [] : [{ field: value.field, user: owner }]
    })
    return decideImport(user, { owners, unboundFrom: unboundFrom(user) })
  }
  return {
    importUsers: async (drafts) =>
      write(() =>
        drafts.map((draft): ImportOutcome => {
          const present = decide(draft)
          return present ?? { status: 'created', userId: create(draft) }
        }),
      ),
    rehearse: async (drafts) =>
      drafts.map(
        (draft): ImportOutcome =>
          decide(draft) ?? { status: 'created', userId: draft.user.id ?? draft.newId },
      ),
    exportUsers: (request) => readUsers(database, request),
    nextImportedHash: async (after) => nextHash.get(after) ?? null,
  }
}

/** Creates an imported user, inside a transaction. Returns the user's id. */
function prepareCreation({ sqlite, phones }: Database): (draft: ImportDraft) => string {
  const insertUser = sqlite.prepare(
    `insert into users (id, external_id, account, account_key, password_hash, phone, phone_key, sealed_phone,
       phone_proven_at, nickname, disabled_at, created_at)
     values (:id, :externalId, :account, :accountKey, :passwordHash, :masked, :phoneKey, :sealedPhone,
       :phoneProvenAt, :nickname, :disabledAt, :createdAt)`,
  )
  const insertIdentity = sqlite.prepare(
    `insert into identities (app_id, openid, unionid, user_id, bound_at)
     values (:appId, :openid, :unionid, :userId, :boundAt)`,
  )
  return ({ user, newId, now }) => {
    const { identities, account, phone, ...columns } = user
    const id = user.id ?? newId
    const createdAt = user.createdAt ?? now
    insertUser.run({
      ...columns,
      id,
      account,
      accountKey: account && accountKey(account),
      masked: phone && maskPhone(phone),
      phoneKey: phone && phones.key(phone),
      sealedPhone: phone && phones.seal(id, phone),
      createdAt,
    })
    for (const identity of identities)
      insertIdentity.run({ ...identity, userId: id, boundAt: createdAt })
    return id
  }
}
