import type { Piscina } from 'piscina'

type PoolOptions = NonNullable<ConstructorParameters<typeof Piscina>[0]>

/** Idle threads end after this time, in ms. */
const idleTimeout = 60_000

/**
 * A pool of worker threads that run `file`. It is created at the first call, because a start does not need it, and
 * has no thread while it is idle.
 */
export function createLazyThreadPool(file: URL, options: PoolOptions): () => Promise<Piscina> {
  let pool: Promise<Piscina> | undefined
  const start = async (): Promise<Piscina> => {
    const { Piscina } = await import('piscina')
    const filename = file.href
    return new Piscina({ ...options, filename, minThreads: 0, idleTimeout, recordTiming: false })
  }
  return () => {
    pool ??= start()
    return pool
  }
}
