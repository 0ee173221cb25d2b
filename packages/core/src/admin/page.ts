/** May be short, or even empty, while `next` tells that there is more. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Opaque; null on the last page. */
  readonly next: string | null
}
