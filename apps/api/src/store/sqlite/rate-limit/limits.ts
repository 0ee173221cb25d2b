import { hash } from 'node:crypto'
import { createBoundedCache, isOpenWindow, type LimitedUse, type LimitStore } from '@mianmi/core'
import { eq, sql } from 'drizzle-orm'
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

/** The window of a use that is open now. `isStored`: it has a row. */
interface OpenWindow {
  readonly window: LimitWindow | null
  readonly isStored: boolean
}

type NamedUse = Pick<LimitedUse, 'key' | 'windowMs' | 'now'>

/**
 * Counters in fixed windows; a window starts with its first use. Counters are in the database, so that a restart
 * does not reset them; only the first `unwritten` uses are counted in memory. This saves nearly every sign-in a
 * row, its index entry, and their removal a minute later.
 */
export function createLimitStore(database: Database): LimitStore {
  const { write } = database
  const limitUses = prepareLimitUses(database)
  return {
    isShared: false,
    spend: async (...uses) => write(() => limitUses.spend(...uses)),
    refund: async (...uses) => write(() => uses.forEach(limitUses.refund)),
  }
}

/**
 * The steps on counters. Call them inside a transaction. Each set has its own memory, so all `unwritten` uses must
 * go through the same set. When a step is run a second time because another write of its commit failed, a use that is
 * counted in memory counts twice, which is the stricter error.
 */
export function prepareLimitUses(database: Database) {
  const rows = prepareRows(database)
  const unwrittenWindows = createBoundedCache<LimitWindow>({ most: maxWindowsInMemory })
  const find = (use: NamedUse, unwritten: number): OpenWindow => {
    const known = unwrittenWindows.get(use.key)
    const window = known !== undefined && isOpenWindow(known.endsAt, use) ? known : null
    if (window !== null && window.count < unwritten) return { window, isStored: false }
    const row = rows.find.get({ key: hashKey(use.key) })
    if (row === undefined || !isOpenWindow(row[1], use)) return { window, isStored: false }
    return { window: { count: row[0], endsAt: row[1] }, isStored: true }
  }
  const count = (use: LimitedUse, { window, isStored }: OpenWindow): void => {
    const key = hashKey(use.key)
    if (isStored) {
      rows.add.run({ key, by: 1 })
      return
    }
    const { count, endsAt } = window ?? { count: 0, endsAt: use.now + use.windowMs }
    if (count >= use.unwritten) {
      rows.sweep(use.now)
      rows.open.run({ key, count: count + 1, endsAt })
    } else if (window === null) unwrittenWindows.set(use.key, { count: 1, endsAt })
    else window.count += 1
  }
  return {
    spend(...uses: readonly LimitedUse[]): { endsAt: number } | null {
      const found = uses.map((use) => find(use, use.unwritten))
      const ends = found.flatMap(({ window }, index) =>
        window !== null && window.count >= (uses[index]?.limit ?? 0) ? [window.endsAt] : [],
      )
      if (ends.length > 0) return { endsAt: Math.max(...ends) }
      for (const [index, use] of uses.entries()) {
        const window = found[index]
        if (window !== undefined) count(use, window)
      }
      return null
    },
    refund: (use: NamedUse): void => {
      const { window, isStored } = find(use, 0)
      if (window === null) return
      if (window.count <= 1) {
        rows.drop.run({ key: hashKey(use.key) })
        unwrittenWindows.delete(use.key)
      } else if (isStored) rows.add.run({ key: hashKey(use.key), by: -1 })
      else window.count -= 1
    },
  }
}

function prepareRows({ orm, sqlite }: Database) {
  const hasKey = eq(limits.key, sql.placeholder('key'))
  return {
    find: compileStatement<[count: number, endsAt: number]>(
      sqlite,
      orm.select({ count: limits.count, endsAt: limits.endsAt }).from(limits).where(hasKey),
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
        .where(hasKey),
    ),
    drop: compileStatement(sqlite, orm.delete(limits).where(hasKey)),
    sweep: prepareSweep({ orm }, limits, { key: limits.key, time: limits.endsAt }),
  }
}

/** The subject may be an account name or an address, which must not be stored in a table of counters. */
const hashKey = (name: string): string => hash('sha256', name, 'base64url')
