/** A copy that is the database now. */
export interface Restored {
  readonly path: string
  readonly bytes: number
  /** Where the earlier database is kept; null where there was none. */
  readonly replaced: string | null
  /** Whether a newer version made the copy, with a schema that this one does not know. */
  readonly isNewer: boolean
}
