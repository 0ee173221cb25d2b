import type { Piscina } from 'piscina'

type Options = NonNullable<ConstructorParameters<typeof Piscina>[0]>

/** Threads with nothing to do end after this long, in ms. */
const idleTimeout = 60_000

/**
 * One set of threads for the process, which run `file`: started when it is first asked for, since a start need
 * not wait for it, and of no thread while there is nothing to do.
 */
export function prepareThreads(file: URL, options: Options): () => Promise<Piscina> {
  let threads: Promise<Piscina> | undefined
  const start = async (): Promise<Piscina> => {
    const { Piscina } = await import('piscina')
    const filename = file.href
    return new Piscina({ ...options, filename, minThreads: 0, idleTimeout, recordTiming: false })
  }
  return () => {
    threads ??= start()
    return threads
  }
}
