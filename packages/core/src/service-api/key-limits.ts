import { createBoundedCache } from '../bounded-cache.ts'
import type { Ports } from '../ports.ts'
import { isOpenWindow } from '../rate-limit/limit-store.ts'
import { tooMany, useOf } from '../rate-limit/limits.ts'

/** Upper limit of keys that are counted. */
const maxKeys = 10_000

export type KeyLimitName = 'introspection by key' | 'read by key' | 'change by key'

/**
 * Counts the calls of each key in memory: writing each of them to the database would cost more than the call. So with
 * several nodes each of them allows as much.
 *
 * @throws Failure `rate_limited`, from the function that is returned
 */
export function createKeyLimits(
  ports: Pick<Ports, 'now' | 'policy'>,
): (name: KeyLimitName, keyId: string) => void {
  const windows = createBoundedCache<{ count: number; readonly endsAt: number }>({ most: maxKeys })
  return (name, keyId) => {
    const use = useOf(ports, name, keyId)
    const known = windows.get(use.key)
    const isOpen = known !== undefined && isOpenWindow(known.endsAt, use)
    const window = isOpen ? known : { count: 0, endsAt: use.now + use.windowMs }
    if (!isOpen) windows.set(use.key, window)
    if (window.count >= use.limit) throw tooMany(use, window.endsAt)
    window.count += 1
  }
}
