/** A page of a list. It may be short or empty although `next` says that there is more. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Opaque cursor; null on the last page. */
  readonly next: string | null
}
