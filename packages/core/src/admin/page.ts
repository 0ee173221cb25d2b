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

/** A page with the number of rows of the whole list; null on the pages behind the first one. */
export interface CountedPage<T> extends Page<T> {
  readonly count: BoundedCount | null
}

/** Adds the number of rows to a first page. They are counted, up to the limit, where the page does not hold them all. */
export async function countFirstPage<T>(
  page: Page<T>,
  count: (limit: number) => Promise<BoundedCount>,
): Promise<CountedPage<T>> {
  const isWhole = page.next === null
  return { ...page, count: isWhole ? { value: page.items.length, isExact: true } : await count(maxCount) }
}
