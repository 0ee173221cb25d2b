import { hash } from 'node:crypto'
import { type LimitedUse, longestCall } from '@mianmi/core'
import type { TimeLimits } from '../connection/index.ts'

/**
 * A part of a statement: counts one use of each row of `w` (`limit_key`, `ends_at` of a window that opens now), in the
 * order of the keys, which must differ. It returns the keys whose use was counted. See `isOpenWindow` in core for which
 * window is open; `t` sets the limits of waiting before anything is locked.
 *
 * @param windowMs the parameter with the length of the windows
 * @param most the parameter with the limit
 */
export const countUses = (windowMs: string, most: string): string => {
  const isOpen = `(l.ends_at > excluded.ends_at - ${windowMs}::bigint and l.ends_at <= excluded.ends_at + ${longestCall})`
  return `insert into limits as l (key, count, ends_at)
    select w.limit_key, 1, w.ends_at from w cross join t where t.is_set order by w.limit_key
    on conflict (key) do update set
      count = case when ${isOpen} then l.count + 1 else 1 end,
      ends_at = case when ${isOpen} then l.ends_at else excluded.ends_at end
    where not ${isOpen} or l.count < ${most}::bigint
    returning l.key`
}

/**
 * A part of a statement: how long its locks may be waited for, in ms. No session state would survive a pooler, so each
 * statement says it.
 */
export const setLockTimeout = (ms: string): string =>
  `select set_config('lock_timeout', ${ms}, true) <> '' as is_set`

/** The parameter for it. */
export const lockTimeoutOf = ({ groups }: TimeLimits, calls: number): string =>
  String(calls > 1 ? groups.many : groups.one)

/** The subject may be an account name or an address, which must not be stored in a table of counters. */
export const hashKey = (name: string): string => hash('sha256', name, 'base64url')

/** When the window ends that a use opens. */
export const windowEnd = ({ now, windowMs }: Pick<LimitedUse, 'now' | 'windowMs'>): number =>
  now + windowMs

/** What must be equal for the uses of one statement. */
export const kindOfUse = ({ windowMs, limit }: LimitedUse): string => `${windowMs} ${limit}`
