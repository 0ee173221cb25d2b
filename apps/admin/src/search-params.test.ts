import { expect, test } from 'vitest'
import { peopleSearch } from './pages/people/list/search.ts'
import { choiceParam, textParam, timeParam } from './search-params.ts'

test('a number becomes text, so a phone number in the URL stays a search text', () => {
  expect(textParam(13_800_138_000, 128)).toBe('13800138000')
})

test('text is trimmed and may be as long as the limit', () => {
  expect(textParam(' abcdefghi ', 9)).toBe('abcdefghi')
})

test('empty text, text over the limit and other types are absent', () => {
  expect([
    textParam('  ', 9),
    textParam('abcdefghij', 9),
    textParam({ a: 1 }, 9),
    textParam(null, 9),
  ]).toEqual([undefined, undefined, undefined, undefined])
})

test('a value outside the choices is absent, also in another case', () => {
  expect([choiceParam('active', ['active']), choiceParam('Active', ['active'])]).toEqual([
    'active',
    undefined,
  ])
})

test('a time is converted to UTC, and an invalid time is absent', () => {
  expect(timeParam('2026-11-22T18:00:00+08:00')).toBe('2026-11-22T10:00:00.000Z')
  expect([timeParam('yesterday'), timeParam(5)]).toEqual([undefined, undefined])
})

test('the people page keeps only search parameters that the service accepts', () => {
  expect(
    peopleSearch({ search: ' li ', status: 'disabled', role: 'root', cursor: 5, appId: [] }),
  ).toStrictEqual({ search: 'li', status: 'disabled', cursor: '5' })
})
