/** Counters of the connections to the database, for the metrics of the service. */
export interface StoreMetrics {
  /** Statements and transactions that have a connection or wait for one. */
  inFlight: number
  /** Connections that were opened. */
  connections: number
  /** Connections that were closed because of an error. */
  disconnects: number
  /** How often a verb ran again, by SQLSTATE; `again` where what it had locked had changed. */
  readonly retries: Map<string, number>
  /** How many statements ran for groups of calls, and for how many calls, by the name of the group. */
  readonly groups: Map<string, { statements: number; calls: number }>
}

export const createStoreMetrics = (): StoreMetrics => ({
  inFlight: 0,
  connections: 0,
  disconnects: 0,
  retries: new Map(),
  groups: new Map(),
})

export function countRetry({ retries }: Pick<StoreMetrics, 'retries'>, code: string): void {
  retries.set(code, (retries.get(code) ?? 0) + 1)
}

export function countGroup(
  { groups }: Pick<StoreMetrics, 'groups'>,
  name: string,
  calls: number,
): void {
  const counted = groups.get(name)
  if (counted === undefined) groups.set(name, { statements: 1, calls })
  else {
    counted.statements += 1
    counted.calls += calls
  }
}
