import type { KeyObject } from 'node:crypto'
import type { AuditKeySealer } from '../../../tokens/audit-key-sealer.ts'
import {
  type ChainKey,
  type ChainRow,
  chainId,
  draftChain,
  draftLeave,
  isLeave,
  leaveId,
  openChainKey,
} from '../../audit/chain-key.ts'
import { type Subject, subjectMac } from '../../audit/line-mac.ts'
import type { Postgres, Queries, Transaction } from '../connection/index.ts'

export const chainColumns = `sealed_key as "sealedKey", unchained_until as "unchainedUntil",
anchor_id as "anchorId", anchor_state as "anchorState", anchor_seal as "anchorSeal",
head_id as "headId", head_state as "headState"`

/** The row of the chain; null where the service has not started one. */
export const findChain = (queries: Queries): Promise<ChainRow | null> =>
  queries.first<ChainRow>(`select ${chainColumns} from audit_chain where id = $1`, [chainId])

/**
 * Loads the key of the chain. It is made at the first start of a node, and sealed under SECRET_KEY, so that the lines stay
 * verifiable when SECRET_KEY is replaced. Where the database has had a chain already, the new one says for ever that the
 * one before was deleted.
 */
export async function loadChainKey(
  { reads, transaction }: Pick<Postgres, 'reads' | 'transaction'>,
  sealer: AuditKeySealer,
  now: number,
): Promise<ChainKey & { readonly isNew: boolean }> {
  const found = await findChain(reads)
  const { sealedKey, isNew } =
    found === null
      ? await transaction(['audit chain'], async (tx) => {
          // Another start may have made it while this one waited.
          const other = await findChain(tx)
          if (other !== null) return { sealedKey: other.sealedKey, isNew: false }
          return { sealedKey: await createChain(tx, sealer, now), isNew: true }
        })
      : { sealedKey: found.sealedKey, isNew: false }
  const chain = openChainKey(sealer, sealedKey)
  await markChained(reads, transaction, sealer)
  return { ...chain, isNew }
}

/** Whether a signing key says that the database has had a chain. */
export async function wasChained(queries: Queries, sealer: AuditKeySealer): Promise<boolean> {
  return (await listSealedKeys(queries)).some(({ sealed }) => sealer.isMarked(sealed))
}

const listSealedKeys = (queries: Queries): Promise<{ kid: string; sealed: string }[]> =>
  queries.all('select kid, sealed_private_jwk as sealed from signing_keys order by kid')

async function markChained(
  reads: Queries,
  transaction: Postgres['transaction'],
  sealer: AuditKeySealer,
): Promise<void> {
  for (const { kid, sealed } of await listSealedKeys(reads)) {
    const marked = sealer.mark(sealed)
    if (marked === null) continue
    await transaction([], (tx) =>
      tx.run(
        'update signing_keys set sealed_private_jwk = $3 where kid = $1 and sealed_private_jwk = $2',
        [kid, sealed, marked],
      ),
    )
  }
}

/** Lets the next start begin a first chain after the lines that are there, because the key of the one before is lost. */
export async function leaveChain(tx: Transaction, sealer: AuditKeySealer): Promise<void> {
  const row = draftLeave(sealer, await newestId(tx))
  await insertChain(tx, leaveId, row)
}

/** Whether `leaveChain` has let this start begin a first chain; only once. */
async function takeLeave(tx: Transaction, sealer: AuditKeySealer): Promise<boolean> {
  const row = await tx.first<{ key: string }>(
    'delete from audit_chain where id = $1 returning sealed_key as key',
    [leaveId],
  )
  return row !== null && isLeave(sealer, row.key, await newestId(tx))
}

async function newestId(queries: Queries): Promise<number> {
  const row = await queries.first<{ id: number }>(
    'select coalesce(max(id), 0) as id from audit_events',
  )
  return row?.id ?? 0
}

/** Starts a chain after the lines that are there. Returns its sealed key. */
async function createChain(tx: Transaction, sealer: AuditKeySealer, now: number): Promise<string> {
  const isFirst = (await takeLeave(tx, sealer)) || !(await wasChained(tx, sealer))
  const restartedAt = isFirst ? null : now
  const { key, row } = draftChain(sealer, { unchainedUntil: await newestId(tx), restartedAt })
  await insertChain(tx, chainId, row)
  await signSubjects(tx, key)
  return row.sealedKey
}

async function insertChain(tx: Transaction, id: number, row: ChainRow): Promise<void> {
  const { sealedKey, unchainedUntil, anchorId, anchorState, anchorSeal, headId, headState } = row
  await tx.run(
    `insert into audit_chain (id, sealed_key, unchained_until, anchor_id, anchor_state, anchor_seal,
       head_id, head_state) values ($1, $2, $3, $4, $5, $6, $7, $8)
     on conflict (id) do update set sealed_key = excluded.sealed_key`,
    [id, sealedKey, unchainedUntil, anchorId, anchorState, anchorSeal, headId, headState],
  )
}

/** Signs the pseudonyms that a chain before has left, a thousand at a time. */
async function signSubjects(tx: Transaction, key: KeyObject): Promise<void> {
  for (let after: string | undefined = ''; after !== undefined; ) {
    const subjects: Subject[] = await tx.all<Subject>(
      `select user_id as "userId", pseudonym from audit_subjects where user_id > $1
       order by user_id limit 1000`,
      [after],
    )
    await tx.run(
      `update audit_subjects a set mac = s.mac
       from unnest($1::text[], $2::bytea[]) as s(user_id, mac) where a.user_id = s.user_id`,
      [subjects.map(({ userId }) => userId), subjects.map((subject) => subjectMac(key, subject))],
    )
    after = subjects.at(-1)?.userId
  }
}
