import {
  type FactorProof,
  maxStepLead,
  type RecoveryProof,
  type SecondFactor,
} from '@mianmi/core/admin'
import type { Queries } from '../../connection/index.ts'

/** The statements on second factors. The row of their user is locked before any that writes. */

export const findSecondFactor = (queries: Queries, userId: string): Promise<SecondFactor | null> =>
  queries.first<SecondFactor>(
    `select f.sealed_secret as "sealedSecret",
       (select count(*) from recovery_codes r where r.user_id = f.user_id) as "recoveryCodesLeft"
     from operator_factors f where f.user_id = $1`,
    [userId],
  )

/** False where the user has a second factor. */
export const insertSecondFactor = async (
  queries: Queries,
  userId: string,
  { sealedSecret, step }: { readonly sealedSecret: string; readonly step: number },
): Promise<boolean> =>
  (await queries.run(
    `insert into operator_factors (user_id, sealed_secret, last_step) values ($1, $2, $3)
     on conflict (user_id) do nothing`,
    [userId, sealedSecret, step],
  )) === 1

/** Consumes a proof. False where it was used before, or is none of this user. */
export const spendProof = (
  queries: Queries,
  userId: string,
  proof: FactorProof,
): Promise<boolean> =>
  'step' in proof
    ? spendStep(queries, userId, proof.step)
    : spendRecoveryCode(queries, userId, proof)

const spendStep = async (queries: Queries, userId: string, step: number): Promise<boolean> =>
  (await queries.run(
    `update operator_factors set last_step = $2
     where user_id = $1 and (last_step < $2 or last_step > $2::bigint + ${maxStepLead})`,
    [userId, step],
  )) === 1

const spendRecoveryCode = async (
  queries: Queries,
  userId: string,
  { recoveryHash, formerHashes = [] }: RecoveryProof,
): Promise<boolean> =>
  (await queries.run('delete from recovery_codes where user_id = $1 and hash = any($2::text[])', [
    userId,
    [recoveryHash, ...formerHashes],
  ])) === 1

export async function replaceRecoveryCodes(
  queries: Queries,
  userId: string,
  hashes: readonly string[],
): Promise<void> {
  await queries.run('delete from recovery_codes where user_id = $1', [userId])
  await queries.run(
    'insert into recovery_codes (user_id, hash) select $1, hash from unnest($2::text[]) as c(hash)',
    [userId, hashes],
  )
}

/**
 * Removes all that an administrator signs in to the console with, besides the password: the second factor, recovery and
 * enrolment codes, sessions, known browsers.
 */
export async function removeFactors(queries: Queries, userId: string): Promise<void> {
  for (const table of factorTables)
    await queries.run(`delete from ${table} where user_id = $1`, [userId])
}

const factorTables = [
  'operator_factors',
  'recovery_codes',
  'operator_sessions',
  'enrolment_codes',
  'known_browsers',
] as const
