/** A page of a list. It may be short or empty although `next` says that there is more. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Opaque cursor; null on the last page. */
  readonly next: string | null
}

/** How many rows a list has; at least that many where it is not exact. */
export interface BoundedCount {
  readonly value: number
  readonly isExact: boolean
}

/** Rows are counted up to this number: counting all of a million takes seconds. */
const maxCount = 1_000

/** A page with the number of rows of the whole list; null where it is not known. */
export interface CountedPage<T> extends Page<T> {
  readonly count: BoundedCount | null
}

/**
 * Adds the number of rows to a first page. They are counted, up to a limit, where the page is full; where it is short
 * although there is more, the rows are too sparse to be counted.
 */
export async function countPage<T>(
  page: Page<T>,
  { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
  count: (limit: number) => Promise<BoundedCount>,
): Promise<CountedPage<T>> {
  const { length } = page.items
  if (cursor !== undefined) return { ...page, count: null }
  if (page.next === null) return { ...page, count: { value: length, isExact: true } }
  return { ...page, count: length < limit ? null : await count(maxCount) }
}
