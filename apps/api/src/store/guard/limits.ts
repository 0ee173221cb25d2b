import { hash } from 'node:crypto'
import type { LimitedUse, LimitStore } from '@mianmi/core'
import { and, eq, gt, sql } from 'drizzle-orm'
import { compile } from '../compile.ts'
import type { Database } from '../database.ts'
import { limits } from '../schema.ts'
import { prepareSweep } from '../sweep.ts'

/** Fixed windows, each opened by its first use. In the database, so that a restart forgives nobody. */
export function createLimitStore(database: Database): LimitStore {
  const { write } = database
  const uses = prepareUses(database)
  return {
    spend: async (use) => write(() => uses.spend(use)),
    refund: async (key) => write(() => uses.refund(key)),
  }
}

/** The steps on counters; each to be called inside a transaction. */
export function prepareUses({ orm, sqlite }: Database) {
  const mine = eq(limits.key, sql.placeholder('key'))
  const find = compile<[count: number, endsAt: number]>(
    sqlite,
    orm
      .select({ count: limits.count, endsAt: limits.endsAt })
      .from(limits)
      .where(and(mine, gt(limits.endsAt, sql.placeholder('now')))),
  )
  const open = compile(
    sqlite,
    orm
      .insert(limits)
      .values({ key: sql.placeholder('key'), count: 1, endsAt: sql.placeholder('endsAt') })
      .onConflictDoUpdate({
        target: limits.key,
        set: { count: 1, endsAt: sql`excluded.ends_at` },
      }),
  )
  const add = compile(
    sqlite,
    orm
      .update(limits)
      .set({ count: sql`${limits.count} + ${sql.placeholder('by')}` })
      .where(and(mine, sql`${limits.count} + ${sql.placeholder('by')} >= 0`)),
  )
  const sweep = prepareSweep({ orm }, limits, { key: limits.key, time: limits.endsAt })
  return {
    spend: ({ key: name, limit, windowMs, now }: LimitedUse): { endsAt: number } | null => {
      const key = hashed(name)
      const known = find.get({ key, now })
      if (known === undefined) {
        sweep(now)
        open.run({ key, endsAt: now + windowMs })
        return null
      }
      const [count, endsAt] = known
      if (count >= limit) return { endsAt }
      add.run({ key, by: 1 })
      return null
    },
    refund: (name: string): void => void add.run({ key: hashed(name), by: -1 }),
  }
}

/** The subject may be an account name or an address, which have no business in a table of counters. */
const hashed = (name: string): string => hash('sha256', name, 'base64url')
