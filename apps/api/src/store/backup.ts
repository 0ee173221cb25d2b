/** A copy of a database. */
export interface Backup {
  readonly path: string
  readonly bytes: number
  /** ms since the epoch. Everything that was acknowledged before this time is in the copy. */
  readonly at: number
  readonly ms: number
}
