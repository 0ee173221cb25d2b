import type { Database } from '../store/sqlite/index.ts'
import { rootKeys } from '../store/sqlite/schema.ts'
import { recordKey } from './claim-database.ts'
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
  { orm, writeLater }: Pick<Database, 'orm' | 'writeLater'>,
  root: RootKey,
  {
    now,
    warn,
    onError,
  }: { now: () => number; warn: (line: string) => void; onError: (error: unknown) => void },
): () => void {
  const check = (): void => {
    const ids = orm
      .select({ id: rootKeys.id })
      .from(rootKeys)
      .all()
      .map(({ id }) => id)
    if (ids.some((id) => !root.ids.includes(id))) warn(unlisted)
    if (ids.includes(root.id)) return
    warn(retired)
    writeLater(() => recordKey({ orm }, root, now())).catch(onError)
  }
  const timer = setInterval(() => {
    try {
      check()
    } catch (error) {
      onError(error)
    }
  }, interval).unref()
  return () => clearInterval(timer)
}
