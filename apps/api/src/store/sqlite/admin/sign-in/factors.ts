import {
  type FactorProof,
  maxStepLead,
  type RecoveryProof,
  type SecondFactor,
} from '@mianmi/core/admin'
import { and, count, eq, gt, lt, or, sql } from 'drizzle-orm'
import type { Database } from '../../database.ts'
import {
  adminFactors,
  adminSessions,
  enrolmentCodes,
  knownBrowsers,
  recoveryCodes,
} from '../schema.ts'

const userId = sql.placeholder('userId')

/** The statements on second factors. Call those that write inside a transaction. */
export function prepareFactors({ orm }: Pick<Database, 'orm'>) {
  const isOwn = eq(adminFactors.userId, userId)
  const find = orm.select().from(adminFactors).where(isOwn).prepare()
  const insert = orm
    .insert(adminFactors)
    .values({
      userId,
      sealedSecret: sql.placeholder('sealedSecret'),
      lastStep: sql.placeholder('step'),
    })
    .onConflictDoNothing()
    .prepare()
  const spendStep = orm
    .update(adminFactors)
    .set({ lastStep: sql`${sql.placeholder('step')}` })
    .where(
      and(
        isOwn,
        or(
          lt(adminFactors.lastStep, sql.placeholder('step')),
          gt(adminFactors.lastStep, sql`${sql.placeholder('step')} + ${maxStepLead}`),
        ),
      ),
    )
    .prepare()
  const recovery = prepareRecoveryCodes({ orm })
  return {
    of: (userId: string): SecondFactor | null => {
      const row = find.get({ userId })
      if (row === undefined) return null
      return { sealedSecret: row.sealedSecret, recoveryCodesLeft: recovery.left(userId) }
    },
    insert: (userId: string, { sealedSecret, step }: { sealedSecret: string; step: number }) =>
      insert.run({ userId, sealedSecret, step }).changes === 1,
    spend: (userId: string, proof: FactorProof): boolean =>
      'step' in proof
        ? spendStep.run({ userId, step: proof.step }).changes === 1
        : recovery.spend(userId, proof),
    replaceRecovery: recovery.replace,
  }
}

function prepareRecoveryCodes({ orm }: Pick<Database, 'orm'>) {
  const isOwn = eq(recoveryCodes.userId, userId)
  const countLeft = orm.select({ left: count() }).from(recoveryCodes).where(isOwn).prepare()
  const clear = orm.delete(recoveryCodes).where(isOwn).prepare()
  const insert = orm
    .insert(recoveryCodes)
    .values({ userId, hash: sql.placeholder('hash') })
    .prepare()
  const hashes = sql.placeholder('hashes')
  const spend = orm
    .delete(recoveryCodes)
    .where(and(isOwn, sql`${recoveryCodes.hash} in (select value from json_each(${hashes}))`))
    .prepare()
  return {
    left: (userId: string): number => countLeft.get({ userId })?.left ?? 0,
    spend: (userId: string, { recoveryHash, formerHashes = [] }: RecoveryProof): boolean =>
      spend.run({ userId, hashes: JSON.stringify([recoveryHash, ...formerHashes]) }).changes === 1,
    replace: (userId: string, hashes: readonly string[]): void => {
      clear.run({ userId })
      for (const hash of hashes) insert.run({ userId, hash })
    },
  }
}

/**
 * Removes all that an administrator signs in to the console with, besides the password: the second factor, recovery and
 * enrolment codes, sessions, known browsers. Call it inside a transaction.
 */
export function removeFactors({ orm }: Pick<Database, 'orm'>, userId: string): void {
  for (const table of [adminFactors, recoveryCodes, adminSessions, enrolmentCodes, knownBrowsers])
    orm.delete(table).where(eq(table.userId, userId)).run()
}
