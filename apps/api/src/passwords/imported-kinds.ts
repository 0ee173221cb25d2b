import type { UserTransferStore } from '@mianmi/core/transfer'
import { readStoredHash } from './stored-hash/stored-hash.mjs'

/** How often the kinds are read again, in ms. Until then an import may be seen in the time that a wrong password takes. */
const interval = 60_000
/** After a kind, in the order of bytes: no hash has this character. */
const afterAll = '\uffff'

export interface ImportedKinds {
  /** The kinds of imported password hashes that accounts have. */
  readonly kinds: () => readonly string[]
  /** Ends reading. */
  stop(): void
}

/** Reads which kinds of imported hashes accounts have, now and every minute. One look-up in an index for each kind. */
export async function watchImportedKinds(
  store: Pick<UserTransferStore, 'nextImportedHash'>,
  onError: (error: unknown) => void,
): Promise<ImportedKinds> {
  let kinds = await readKinds(store)
  const timer = setInterval(() => {
    readKinds(store).then((read) => {
      kinds = read
    }, onError)
  }, interval).unref()
  return { kinds: () => kinds, stop: () => clearInterval(timer) }
}

async function readKinds({
  nextImportedHash,
}: Pick<UserTransferStore, 'nextImportedHash'>): Promise<string[]> {
  const kinds: string[] = []
  for (let hash = await nextImportedHash(''); hash !== null; ) {
    const kind = readStoredHash(hash)?.kind
    if (kind !== undefined) kinds.push(kind)
    // A text that is no hash is of no kind, and costs nothing to compare.
    hash = await nextImportedHash(kind === undefined ? hash : kind + afterAll)
  }
  return kinds
}
