import { expect, test } from 'vitest'
import { readQuery } from './query.ts'

/** Pseudo-random numbers, the same in every run (Park and Miller, 1988). */
function seeded(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (state * 48_271) % 2_147_483_647
    return state % below
  }
}

const pieces = [
  ...['input', 'batch', 'connectionParams', '1', '=', '=', '&', '&', '?', '+', '%', '%2', '%31'],
  ...[
    '%20',
    '%2B',
    '%zz',
    '%ff',
    '%E6%BC%A2',
    '%E6%BC',
    '%EF%BB%BF',
    '%00',
    'i',
    '%69nput',
    '{"a":1}',
  ],
  ...['batc%68', '"', '\u00e9', ';', '/', ',', '#'],
]

test('a query is read as URLSearchParams reads it', () => {
  const below = seeded(7)
  for (let round = 0; round < 5_000; round++) {
    const query = Array.from({ length: below(12) }, () => pieces[below(pieces.length)]).join('')
    const params = new URLSearchParams(`?${query}`)
    expect({ query, ...readQuery(`/trpc/path?${query}`) }).toEqual({
      query,
      batch: params.get('batch') === '1',
      input: params.get('input'),
      connectionParams: params.has('connectionParams'),
    })
  }
})

test('a target without a query has no parameters', () => {
  const nothing = { batch: false, input: null, connectionParams: false }
  expect(readQuery('/trpc/path')).toEqual(nothing)
  expect(readQuery('/trpc/path?')).toEqual(nothing)
})
