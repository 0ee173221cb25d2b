import { hash } from 'node:crypto'
import { createBoundedCache, type LimitedUse, type LimitStore } from '@mianmi/core'
import { and, eq, gt, sql } from 'drizzle-orm'
import { compileStatement } from '../compile-statement.ts'
import type { Database } from '../database.ts'
import { limits } from '../schema.ts'
import { prepareSweep } from '../sweep.ts'

/** Upper limit of windows that are kept in memory only; beyond it the oldest are dropped. */
const maxWindowsInMemory = 100_000

interface LimitWindow {
  count: number
  readonly endsAt: number
}

/**
 * Counters in fixed windows; a window starts with its first use. Counters are in the database, so that a restart
 * does not reset them; only the first `unwritten` uses are counted in memory. This saves nearly every sign-in a
 * row, its index entry, and their removal a minute later.
 */
export function createLimitStore(database: Database): LimitStore {
  const { write } = database
  const limitUses = prepareLimitUses(database)
  return {
    spend: async (use) => write(() => limitUses.spend(use)),
    refund: async (key) => write(() => limitUses.refund(key)),
  }
}

/**
 * The steps on counters. Call them inside a transaction. Each set has its own memory, so all `unwritten` uses must
 * go through the same set.
 */
export function prepareLimitUses(database: Database) {
  const rows = prepareRows(database)
  const unwrittenWindows = createBoundedCache<LimitWindow>({ most: maxWindowsInMemory })
  const unwrittenWindow = ({ key, now }: LimitedUse): LimitWindow | null => {
    const window = unwrittenWindows.get(key)
    return window !== undefined && window.endsAt > now ? window : null
  }
  /** `window` holds the uses so far, which may not be written yet. */
  const spendInRow = (use: LimitedUse, window: LimitWindow | null): { endsAt: number } | null => {
    const { limit, windowMs, now, unwritten } = use
    const key = hashKey(use.key)
    const row = rows.find.get({ key, now })
    if (row !== undefined) {
      const [count, endsAt] = row
      if (count >= limit) return { endsAt }
      rows.add.run({ key, by: 1 })
      return null
    }
    const { count, endsAt } = window ?? { count: 0, endsAt: now + windowMs }
    if (count < unwritten) unwrittenWindows.set(use.key, { count: count + 1, endsAt })
    else {
      rows.sweep(now)
      rows.open.run({ key, count: count + 1, endsAt })
    }
    return null
  }
  return {
    spend(use: LimitedUse): { endsAt: number } | null {
      const window = unwrittenWindow(use)
      if (window === null || window.count >= use.unwritten) return spendInRow(use, window)
      // When it is run a second time because another write of its commit failed, the use counts twice, which is the
      // stricter error.
      window.count += 1
      return null
    },
    refund: (name: string): void => void rows.add.run({ key: hashKey(name), by: -1 }),
  }
}

function prepareRows({ orm, sqlite }: Database) {
  const hasKey = eq(limits.key, sql.placeholder('key'))
  return {
    find: compileStatement<[count: number, endsAt: number]>(
      sqlite,
      orm
        .select({ count: limits.count, endsAt: limits.endsAt })
        .from(limits)
        .where(and(hasKey, gt(limits.endsAt, sql.placeholder('now')))),
    ),
    open: compileStatement(
      sqlite,
      orm
        .insert(limits)
        .values({
          key: sql.placeholder('key'),
          count: sql.placeholder('count'),
          endsAt: sql.placeholder('endsAt'),
        })
        .onConflictDoUpdate({
          target: limits.key,
          set: { count: sql`excluded.count`, endsAt: sql`excluded.ends_at` },
        }),
    ),
    add: compileStatement(
      sqlite,
      orm
        .update(limits)
        .set({ count: sql`${limits.count} + ${sql.placeholder('by')}` })
        .where(and(hasKey, sql`${limits.count} + ${sql.placeholder('by')} >= 0`)),
    ),
    sweep: prepareSweep({ orm }, limits, { key: limits.key, time: limits.endsAt }),
  }
}

/** The subject may be an account name or an address, which must not be stored in a table of counters. */
const hashKey = (name: string): string => hash('sha256', name, 'base64url')
