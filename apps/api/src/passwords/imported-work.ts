import type { UserTransferStore } from '@mianmi/core/transfer'

/** How often it is read again, in ms. Until then an import may be seen in the time that a wrong password takes. */
const interval = 60_000
/** Most kinds of hashes (scheme and cost) that are read. An import brings no more than this. */
export const maxKinds = 300
/** After every hash of a kind, in the order of bytes: salts are ASCII. */
const afterAll = '\u007f'

/** By the name of a scheme, the most that verifying one of its hashes costs. */
export type HashWorks = Readonly<Record<string, number>>

/** What verifying the imported hashes costs that accounts have. */
export interface ImportedHashes {
  /** Schemes with their costs, as hashes begin. */
  readonly kinds: ReadonlySet<string>
  readonly works: HashWorks
}

export interface ImportedWork {
  readonly works: () => HashWorks
  /** Ends reading. */
  stop(): void
}

type HashReader = Pick<UserTransferStore, 'nextImportedHash'>

/** Reads what the imported hashes cost that accounts have, now and every minute. */
export async function watchImportedWork(
  store: HashReader,
  onError: (error: unknown) => void,
): Promise<ImportedWork> {
  let { works } = await readImportedHashes(store)
  const timer = setInterval(() => {
    readImportedHashes(store).then((read) => {
      works = read.works
    }, onError)
  }, interval).unref()
  return { works: () => works, stop: () => clearInterval(timer) }
}

/** One look-up in an index for each kind, and for each text that is no hash; at most as many as `maxKinds` twice. */
export async function readImportedHashes({
  nextImportedHash,
}: HashReader): Promise<ImportedHashes> {
  const kinds = new Set<string>()
  let works: HashWorks = {}
  let hash = await nextImportedHash('')
  if (hash === null) return { kinds, works }
  const { readStoredHash } = await import('./stored-hash/stored-hash.mjs')
  for (let reads = 0; hash !== null && reads < 2 * maxKinds; reads += 1) {
    const stored = readStoredHash(hash)
    const isNew = stored !== null && !kinds.has(stored.kind)
    if (isNew) {
      kinds.add(stored.kind)
      works = withWork(works, stored)
    }
    // A text that is no hash is of no kind, and costs nothing to compare.
    hash = await nextImportedHash(isNew ? stored.kind + afterAll : hash)
  }
  return { kinds, works }
}

/** The works with those of one more hash. */
export const withWork = (
  works: HashWorks,
  { scheme, work }: { readonly scheme: string; readonly work: number },
): HashWorks => ({ ...works, [scheme]: Math.max(works[scheme] ?? 0, work) })
