import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto'
import { eq, sql } from 'drizzle-orm'
import type { AuditKeySealer } from '../../../tokens/audit-key-sealer.ts'
import type { Database } from '../database.ts'
import { signingKeys } from '../schema.ts'
import { type Subject, sealAnchor, startState, subjectMac } from './line-mac.ts'
import { auditChain, auditEvents } from './schema.ts'

/** The id of the one row of `audit_chain`. */
export const onlyChain = eq(auditChain.id, 1)

export interface ChainKey {
  readonly key: KeyObject
  /** When the chain was started because the record of the one before was deleted, in ms; null for the first chain. */
  readonly restartedAt: number | null
}

/** Whether the service has started the chain of the audit log. */
export function hasChain({ orm }: Pick<Database, 'orm'>): boolean {
  return orm.select({ id: auditChain.id }).from(auditChain).where(onlyChain).get() !== undefined
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
  const { orm, writeNow } = database
  const find = () =>
    orm.select({ key: auditChain.sealedKey }).from(auditChain).where(onlyChain).get()
  const create = () => {
    const isFirst = takeLeave(database, sealer) || !wasChained(database, sealer)
    return { key: createChain(database, sealer, isFirst ? null : Date.now()) }
  }
  const found = find()
  const stored = found ?? writeNow(() => find() ?? create())
  const chain = openChainKey(sealer, stored.key)
  markChained(database, sealer)
  return { ...chain, isNew: found === undefined }
}

/** The sealed text is the key, and after a space the time of a restart. */
export function openChainKey(sealer: AuditKeySealer, sealed: string): ChainKey {
  const [secret = '', restartedAt] = sealer.open(sealed).split(' ')
  const key = createSecretKey(secret, 'base64url')
  return { key, restartedAt: restartedAt === undefined ? null : Number(restartedAt) }
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

/** The id of the row of `audit_chain` that lets the next start begin a first chain. */
const leaveId = 2

/**
 * Lets the next start begin a first chain after the lines that are there, because the key of the one before is lost. The
 * service may still run, and must not add to the new chain under the old key. Call it inside a transaction.
 */
export function leaveChain({ orm }: Pick<Database, 'orm'>, sealer: AuditKeySealer): void {
  const sealedKey = sealer.seal(leaveText(newestId({ orm })))
  const none = Buffer.alloc(0)
  const anchor = { unchainedUntil: 0, anchorId: 0, anchorState: none, anchorSeal: none }
  const row = { id: leaveId, sealedKey, ...anchor, headId: 0, headState: none }
  const set = { sealedKey }
  orm.insert(auditChain).values(row).onConflictDoUpdate({ target: auditChain.id, set }).run()
}

/** Whether `leaveChain` has let this start begin a first chain; only once, and only after the lines of that time. */
function takeLeave({ orm }: Pick<Database, 'orm'>, sealer: AuditKeySealer): boolean {
  const isLeave = eq(auditChain.id, leaveId)
  const row = orm.delete(auditChain).where(isLeave).returning({ key: auditChain.sealedKey }).get()
  if (row === undefined) return false
  try {
    return sealer.open(row.key) === leaveText(newestId({ orm }))
  } catch {
    return false
  }
}

const leaveText = (newest: number): string => `begins after ${newest}`

const newestId = ({ orm }: Pick<Database, 'orm'>): number =>
  orm.select({ id: sql<number | null>`max(id)` }).from(auditEvents).get()?.id ?? 0

/** Starts a chain after the lines that are there. Returns its sealed key. Call it inside a transaction. */
function createChain(
  database: Pick<Database, 'orm' | 'sqlite'>,
  sealer: AuditKeySealer,
  restartedAt: number | null,
): string {
  const { orm } = database
  const secret = randomBytes(32).toString('base64url')
  const key = createSecretKey(secret, 'base64url')
  const unchainedUntil = newestId(database)
  const state = startState(key, unchainedUntil)
  const anchor = { unchainedUntil, anchorId: unchainedUntil, anchorState: state }
  const sealedKey = sealer.seal(restartedAt === null ? secret : `${secret} ${restartedAt}`)
  const head = { headId: unchainedUntil, headState: state }
  const anchorSeal = sealAnchor(key, anchor)
  orm
    .insert(auditChain)
    .values({ id: 1, sealedKey, ...anchor, anchorSeal, ...head })
    .run()
  signSubjects(database, key)
  return sealedKey
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
