/** What the store of a node measures of itself, for `/metrics`. Counts are since the start of the process. */
export interface StoreMeasures {
  /** Statements and transactions that have a connection or wait for one. */
  readonly inFlight: number
  /** Connections that were opened, and those that were closed because of an error. */
  readonly connections: number
  readonly disconnects: number
  /** How often a verb ran again, by SQLSTATE. */
  readonly retries: ReadonlyMap<string, number>
  /** Statements for groups of calls, and the calls in them, by the name of the group. */
  readonly groups: ReadonlyMap<string, { readonly statements: number; readonly calls: number }>
  /** How far the clock of the machine is behind that of the database, in ms; negative where it is ahead. */
  readonly clockOffsetMs: number
  /** How often the database has become an older copy of itself. */
  readonly restorations: number
}
