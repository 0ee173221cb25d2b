import type { SigningKeyStore } from '../store/store.ts'
import type { RootKey } from './root-key.ts'
import { loadSigningKeys, readVerifyingKeys, type SigningKeys } from './signing-key.ts'

/** Shortest time between two reads for keys that are not known, in ms. */
const readEveryMs = 1_000

/** The keys of the access tokens, as this process knows them. */
export interface KeyRing {
  readonly current: () => SigningKeys
  /**
   * Reads the keys of the database again, once a second at most: another process may have added one since this one
   * started. Changes nothing there.
   */
  readAgain(): Promise<void>
  /** Loads them as at a start, and makes those that are missing: the database may be an older copy. */
  restore(): Promise<void>
}

interface KeyRingOptions {
  readonly accessTokenTtl: number
  readonly now: () => number
  /** A time in ms that no setting of the clock changes. Default: `performance.now`. */
  readonly uptime?: () => number
}

/** @param loaded the keys as the start has loaded them */
export function createKeyRing(
  loaded: SigningKeys,
  { signingKeys, root }: { readonly signingKeys: SigningKeyStore; readonly root: RootKey },
  { accessTokenTtl, now, uptime = () => performance.now() }: KeyRingOptions,
): KeyRing {
  let keys = loaded
  let readAt = Number.NEGATIVE_INFINITY
  let reading: Promise<void> = Promise.resolve()

  /** Keys that are known stay known, also where the database has lost them, until their last token expires. */
  const add = (found: SigningKeys['former'], signing = keys.signing): void => {
    const until = now() + accessTokenTtl
    const previous = keys.signing === signing ? [] : [{ ...keys.signing, until }]
    const known = new Map([...keys.former, ...previous, ...found].map((key) => [key.kid, key]))
    known.delete(signing.kid)
    keys = { signing, former: [...known.values()] }
  }
  const lifetime = () => ({ accessTokenTtl, now: now() })
  return {
    current: () => keys,
    readAgain() {
      if (uptime() - readAt < readEveryMs) return reading
      readAt = uptime()
      reading = readVerifyingKeys(signingKeys, root, lifetime()).then((found) => add(found))
      return reading
    },
    async restore() {
      const { signing, former } = await loadSigningKeys(signingKeys, root, lifetime())
      add(former, signing.kid === keys.signing.kid ? keys.signing : signing)
    },
  }
}
