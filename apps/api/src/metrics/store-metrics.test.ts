import { expect, it } from 'vitest'
import { createStoreMetrics } from './store-metrics.ts'

const measured = {
  inFlight: 3,
  connections: 8,
  disconnects: 1,
  retries: new Map([['40P01', 2]]),
  groups: new Map([['sign-in', { statements: 4, calls: 100 }]]),
  clockOffsetMs: -1_500,
  restorations: 2,
}

it('are what the store measures at the scrape', () => {
  let read = measured
  const { metrics } = createStoreMetrics(() => read)
  const text = (): string =>
    metrics()
      .map((metric) => metric.text())
      .join('')
  for (const line of [
    'mianmi_store_in_flight 3',
    'mianmi_store_connections_total 8',
    'mianmi_store_disconnects_total 1',
    'mianmi_store_clock_offset_seconds -1.5',
    'mianmi_store_restorations_total 2',
    'mianmi_store_retries_total{sqlstate="40P01"} 2',
    'mianmi_store_group_statements_total{group="sign-in"} 4',
    'mianmi_store_group_calls_total{group="sign-in"} 100',
  ])
    expect(text()).toContain(`${line}\n`)
  read = { ...measured, inFlight: 0, retries: new Map([['40P01', 5]]) }
  expect(text()).toContain('mianmi_store_in_flight 0\n')
  expect(text()).toContain('mianmi_store_retries_total{sqlstate="40P01"} 5\n')
})
