import type { KeyObject } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import type { AuditKeySealer } from '../../../tokens/audit-key-sealer.ts'
import {
  type ChainKey,
  chainId,
  draftChain,
  draftLeave,
  isLeave,
  leaveId,
  openChainKey,
} from '../../audit/chain-key.ts'
import { type Subject, subjectMac } from '../../audit/line-mac.ts'
import type { Database } from '../database.ts'
import { signingKeys } from '../schema.ts'
import { auditChain, auditEvents } from './schema.ts'

export const onlyChain = eq(auditChain.id, chainId)

/** The sealed key of the chain; null where the service has not started one. */
export function findSealedKey({ orm }: Pick<Database, 'orm'>): string | null {
  return (
    orm.select({ key: auditChain.sealedKey }).from(auditChain).where(onlyChain).get()?.key ?? null
  )
}

/**
 * Loads the key of the chain. It is made at the first start, and sealed under SECRET_KEY, so that the lines stay
 * verifiable when SECRET_KEY is replaced. Where the database has had a chain already, the new one says for ever that
 * the one before was deleted.
 */
export function loadChainKey(
  database: Database,
  sealer: AuditKeySealer,
): ChainKey & { isNew: boolean } {
  const { writeNow } = database
  const create = (): string => {
    const isFirst = takeLeave(database, sealer) || !wasChained(database, sealer)
    return createChain(database, sealer, isFirst ? null : Date.now())
  }
  const found = findSealedKey(database)
  const stored = found ?? writeNow(() => findSealedKey(database) ?? create())
  const chain = openChainKey(sealer, stored)
  markChained(database, sealer)
  return { ...chain, isNew: found === null }
}

/** Whether a signing key says that the database has had a chain. */
export function wasChained({ orm }: Pick<Database, 'orm'>, sealer: AuditKeySealer): boolean {
  const rows = orm.select({ sealed: signingKeys.sealedPrivateJwk }).from(signingKeys).all()
  return rows.some(({ sealed }) => sealer.isMarked(sealed))
}

function markChained(database: Database, sealer: AuditKeySealer): void {
  const { orm, writeNow } = database
  const columns = { kid: signingKeys.kid, sealed: signingKeys.sealedPrivateJwk }
  for (const { kid, sealed } of orm.select(columns).from(signingKeys).all()) {
    const marked = sealer.mark(sealed)
    if (marked === null) continue
    writeNow(() =>
      orm
        .update(signingKeys)
        .set({ sealedPrivateJwk: marked })
        .where(sql`${signingKeys.kid} = ${kid} and ${signingKeys.sealedPrivateJwk} = ${sealed}`)
        .run(),
    )
  }
}

/** The service may still run, and must not add to the new chain under the old key. Call it inside a transaction. */
export function leaveChain({ orm }: Pick<Database, 'orm'>, sealer: AuditKeySealer): void {
  const row = { id: leaveId, ...draftLeave(sealer, newestId({ orm })) }
  const set = { sealedKey: row.sealedKey }
  orm.insert(auditChain).values(row).onConflictDoUpdate({ target: auditChain.id, set }).run()
}

/** Whether `leaveChain` has let this start begin a first chain; only once. */
function takeLeave({ orm }: Pick<Database, 'orm'>, sealer: AuditKeySealer): boolean {
  const isOne = eq(auditChain.id, leaveId)
  const row = orm.delete(auditChain).where(isOne).returning({ key: auditChain.sealedKey }).get()
  return row !== undefined && isLeave(sealer, row.key, newestId({ orm }))
}

const newestId = ({ orm }: Pick<Database, 'orm'>): number =>
  orm.select({ id: sql<number | null>`max(id)` }).from(auditEvents).get()?.id ?? 0

/** Starts a chain after the lines that are there. Returns its sealed key. Call it inside a transaction. */
function createChain(
  database: Pick<Database, 'orm' | 'sqlite'>,
  sealer: AuditKeySealer,
  restartedAt: number | null,
): string {
  const { key, row } = draftChain(sealer, { unchainedUntil: newestId(database), restartedAt })
  database.orm
    .insert(auditChain)
    .values({ id: chainId, ...row })
    .run()
  signSubjects(database, key)
  return row.sealedKey
}

/** Signs the pseudonyms that the migration has made, a thousand at a time. */
function signSubjects({ sqlite }: Pick<Database, 'sqlite'>, key: KeyObject): void {
  const page = sqlite.prepare<[string], Subject>(
    `select user_id as userId, pseudonym from audit_subjects where user_id > ? order by user_id
     limit 1000`,
  )
  const sign = sqlite.prepare('update audit_subjects set mac = ? where user_id = ?')
  for (let after: string | undefined = ''; after !== undefined; ) {
    const subjects: Subject[] = page.all(after)
    for (const subject of subjects) sign.run(subjectMac(key, subject), subject.userId)
    after = subjects.at(-1)?.userId
  }
}
