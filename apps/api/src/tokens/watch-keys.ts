import type { RootKeyStore } from '../store/store.ts'
import type { RootKey } from './root-key.ts'

/** Time in ms between two looks at what other processes did. */
const interval = 60_000

const retired =
  'SECRET_KEY: reseal has retired the key that this process writes under; restart it with the new key first, and run reseal again'
const unlisted =
  'SECRET_KEY: another process writes under a key that this one does not list; restart it with all keys'

/**
 * Notices processes with different keys, such as one that was not restarted before `reseal` ran. The key of this
 * process is recorded again then, so that a start without it is refused. Returns a function that ends the watch.
 */
export function watchKeys(
  rootKeys: Pick<RootKeyStore, 'used' | 'record'>,
  root: RootKey,
  {
    now,
    warn,
    onError,
  }: { now: () => number; warn: (line: string) => void; onError: (error: unknown) => void },
): () => void {
  const check = async (): Promise<void> => {
    const ids = await rootKeys.used()
    if (ids.some((id) => !root.ids.includes(id))) warn(unlisted)
    if (ids.includes(root.id)) return
    warn(retired)
    await rootKeys.record(root.id, now())
  }
  const timer = setInterval(() => void check().catch(onError), interval).unref()
  return () => clearInterval(timer)
}
