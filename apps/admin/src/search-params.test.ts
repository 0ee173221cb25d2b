import { expect, test } from 'vitest'
import { peopleSearch } from './pages/people/list/search.ts'
import { choiceParam, textParam, timeParam } from './search-params.ts'

test('a phone number that was parsed as a number is text again', () => {
  expect(textParam(13_800_138_000, 128)).toBe('13800138000')
})

test('text that is empty, too long or none is left out', () => {
  expect([
    textParam('  ', 9),
    textParam('abcdefghij', 9),
    textParam({ a: 1 }, 9),
    textParam(null, 9),
  ]).toEqual([undefined, undefined, undefined, undefined])
})

test('only a known choice counts', () => {
  expect([choiceParam('active', ['active']), choiceParam('Active', ['active'])]).toEqual([
    'active',
    undefined,
  ])
})

test('a time is told in UTC, and nonsense is left out', () => {
  expect(timeParam('2026-11-22T18:00:00+08:00')).toBe('2026-11-22T10:00:00.000Z')
  expect([timeParam('yesterday'), timeParam(5)]).toEqual([undefined, undefined])
})

test('the people page takes from the address what the service would accept', () => {
  expect(
    peopleSearch({ search: ' li ', status: 'disabled', role: 'root', cursor: 5, appId: [] }),
  ).toStrictEqual({ search: 'li', status: 'disabled', cursor: '5' })
})
