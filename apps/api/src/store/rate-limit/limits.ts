import { hash } from 'node:crypto'
import { createBoundedCache, type LimitedUse, type LimitStore } from '@mianmi/core'
import { and, eq, gt, sql } from 'drizzle-orm'
import { compile } from '../compile.ts'
import type { Database } from '../database.ts'
import { limits } from '../schema.ts'
import { prepareSweep } from '../sweep.ts'

/** How many windows are remembered, at most, of which nothing is written yet; beyond that the oldest are forgotten. */
const remembered = 100_000

interface Window {
  count: number
  readonly endsAt: number
}

/**
 * Fixed windows, each opened by its first use. In the database, so that a restart forgives nobody; only uses that
 * may stay `unwritten` are counted here first. That spares nearly every sign-in a row, its place in an index, and
 * the removal of both a minute later.
 */
export function createLimitStore(database: Database): LimitStore {
  const { write } = database
  const uses = prepareUses(database)
  return {
    spend: async (use) => write(() => uses.spend(use)),
    refund: async (key) => write(() => uses.refund(key)),
  }
}

/**
 * The steps on counters; each to be called inside a transaction. Every set has a memory of its own, so uses that
 * may stay `unwritten` have to go through one.
 */
export function prepareUses(database: Database) {
  const rows = prepareRows(database)
  const early = createBoundedCache<Window>({ most: remembered })
  const earlyWindow = ({ key, now }: LimitedUse): Window | null => {
    const window = early.get(key)
    return window !== undefined && window.endsAt > now ? window : null
  }
  /** `window` is what went before, which may not be written yet. */
  const spendInRow = (use: LimitedUse, window: Window | null): { endsAt: number } | null => {
    const { limit, windowMs, now, unwritten } = use
    const key = hashed(use.key)
    const row = rows.find.get({ key, now })
    if (row !== undefined) {
      const [count, endsAt] = row
      if (count >= limit) return { endsAt }
      rows.add.run({ key, by: 1 })
      return null
    }
    const { count, endsAt } = window ?? { count: 0, endsAt: now + windowMs }
    if (count < unwritten) early.set(use.key, { count: count + 1, endsAt })
    else {
      rows.sweep(now)
      rows.open.run({ key, count: count + 1, endsAt })
    }
    return null
  }
  return {
    spend(use: LimitedUse): { endsAt: number } | null {
      const window = earlyWindow(use)
      if (window === null || window.count >= use.unwritten) return spendInRow(use, window)
      // Run a second time because another write of its commit failed, it counts twice: the stricter way to be wrong.
      window.count += 1
      return null
    },
    refund: (name: string): void => void rows.add.run({ key: hashed(name), by: -1 }),
  }
}

function prepareRows({ orm, sqlite }: Database) {
  const mine = eq(limits.key, sql.placeholder('key'))
  return {
    find: compile<[count: number, endsAt: number]>(
      sqlite,
      orm
        .select({ count: limits.count, endsAt: limits.endsAt })
        .from(limits)
        .where(and(mine, gt(limits.endsAt, sql.placeholder('now')))),
    ),
    open: compile(
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
    add: compile(
      sqlite,
      orm
        .update(limits)
        .set({ count: sql`${limits.count} + ${sql.placeholder('by')}` })
        .where(and(mine, sql`${limits.count} + ${sql.placeholder('by')} >= 0`)),
    ),
    sweep: prepareSweep({ orm }, limits, { key: limits.key, time: limits.endsAt }),
  }
}

/** The subject may be an account name or an address, which have no business in a table of counters. */
const hashed = (name: string): string => hash('sha256', name, 'base64url')
