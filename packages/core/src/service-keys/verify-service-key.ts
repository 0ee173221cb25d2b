import { createBoundedCache } from '../bounded-cache.ts'
import { Failure } from '../failure.ts'
import type { VerifiedServiceKey } from './service-key.ts'
import { type ServiceKeyFinder, useInterval } from './service-key-finder.ts'
import type { ServiceKeyMaker } from './service-key-maker.ts'

/** Upper limit of secrets whose last use is remembered. */
const maxSecrets = 10_000

interface VerifyPorts {
  readonly serviceKeys: ServiceKeyFinder
  readonly serviceKeyMaker: Pick<ServiceKeyMaker, 'hashOf'>
  readonly now: () => number
}

/**
 * Verifies the key of a caller. The store is asked on each call, so a revocation takes effect on the next one. The use is
 * noted at most once a minute, and no call waits for it.
 *
 * The key is found by its hash, so what the look-up's time depends on is unknown to the caller.
 *
 * @throws Failure `unauthenticated` for any fault of the key
 */
export function createServiceKeyVerifier(
  ports: VerifyPorts,
): (key: string | null) => Promise<VerifiedServiceKey> {
  const { serviceKeys, serviceKeyMaker, now } = ports
  const noted = createBoundedCache<number>({ most: maxSecrets })
  const note = (hash: string, at: number): void => {
    const last = noted.get(hash)
    if (last !== undefined && Math.abs(at - last) < useInterval) return
    noted.set(hash, at)
    // When it fails it is noted in a minute: a database that cannot write must not refuse a read.
    serviceKeys.noteUse(hash, at).catch(() => {})
  }
  return async (key) => {
    const hash = key === null ? null : serviceKeyMaker.hashOf(key)
    const at = now()
    const found = hash === null ? null : await serviceKeys.find(hash, at)
    if (hash === null || found === null) throw new Failure('unauthenticated')
    note(hash, at)
    return found
  }
}
