import { expect, it } from 'vitest'
import { counter, gauge, histogram } from './exposition.ts'

it('a counter counts each set of labels by itself', () => {
  const calls = counter({ name: 'calls_total', help: 'Calls.' })
  calls.of({ a: '1' }).value++
  calls.of({ a: '2' }).value++
  calls.of({ a: '1' }).value++
  expect(calls.text()).toBe(
    '# HELP calls_total Calls.\n# TYPE calls_total counter\ncalls_total{a="1"} 2\ncalls_total{a="2"} 1\n',
  )
})

it('a label is escaped, so that no value can break its line', () => {
  const calls = counter({ name: 'calls_total', help: 'Calls.' })
  calls.of({ a: 'x"} 9\n\\' }).value++
  expect(calls.text().split('\n')).toContain('calls_total{a="x\\"} 9\\n\\\\"} 1')
})

it('the buckets of a histogram hold all that is below them, their bounds included', () => {
  const times = histogram({ name: 't_seconds', help: 'Times.', bounds: [0.1, 1] })
  for (const value of [0.1, 0.5, 1, 3.4]) times.of({}).observe(value)
  expect(times.text().split('\n').slice(2)).toEqual([
    't_seconds_bucket{le="0.1"} 1',
    't_seconds_bucket{le="1"} 3',
    't_seconds_bucket{le="+Inf"} 4',
    't_seconds_sum 5',
    't_seconds_count 4',
    '',
  ])
})

it('a gauge is read when it is asked for', () => {
  let level = 1
  const gauged = gauge({ name: 'level', help: 'Level.', read: () => level })
  level = 2
  expect(gauged.text()).toContain('\nlevel 2\n')
})
