import { counter, gauge, type Metric } from './exposition.ts'

/** What the store of a node measures of itself: see `StoreMeasures` of the store. */
export interface MeasuredStore {
  readonly inFlight: number
  readonly connections: number
  readonly disconnects: number
  readonly retries: ReadonlyMap<string, number>
  readonly groups: ReadonlyMap<string, { readonly statements: number; readonly calls: number }>
  readonly clockOffsetMs: number
  readonly restorations: number
}

/** @param read is called at each scrape */
export function createStoreMetrics(read: () => MeasuredStore): { metrics(): Metric[] } {
  const retries = counter({
    name: 'mianmi_store_retries_total',
    help: 'How often a verb ran again because another transaction was in its way, by SQLSTATE; "again": what it had locked had changed.',
  })
  const statements = counter({
    name: 'mianmi_store_group_statements_total',
    help: 'Statements that ran for a group of calls, by the name of the group.',
  })
  const calls = counter({
    name: 'mianmi_store_group_calls_total',
    help: 'Calls that shared these statements: divided by their number, the mean size of a group.',
  })
  const gauges = [
    gauge({
      name: 'mianmi_store_in_flight',
      help: 'Statements and transactions that have a connection to the database or wait for one.',
      read: () => read().inFlight,
    }),
    gauge({
      name: 'mianmi_store_connections_total',
      help: 'Connections to the database that were opened.',
      isCounter: true,
      read: () => read().connections,
    }),
    gauge({
      name: 'mianmi_store_disconnects_total',
      help: 'Connections to the database that were closed because of an error.',
      isCounter: true,
      read: () => read().disconnects,
    }),
    gauge({
      name: 'mianmi_store_restorations_total',
      help: 'How often the database has become an older copy of itself: from a backup, or by a fail-over that lost transactions.',
      isCounter: true,
      read: () => read().restorations,
    }),
    gauge({
      name: 'mianmi_store_clock_offset_seconds',
      help: 'How far the clock of this machine is behind that of the database, which counts.',
      read: () => read().clockOffsetMs / 1_000,
    }),
  ]
  return {
    metrics() {
      const measured = read()
      for (const [sqlstate, count] of measured.retries) retries.of({ sqlstate }).value = count
      for (const [group, counts] of measured.groups) {
        statements.of({ group }).value = counts.statements
        calls.of({ group }).value = counts.calls
      }
      return [...gauges, retries, statements, calls]
    },
  }
}
