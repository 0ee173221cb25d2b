import { expect, test } from 'vitest'
import { parsePageUrl, resolvePath } from './paths.ts'

test.each([
  ['b', 'pages/a/index', 'pages/a/b'],
  ['./b', 'pages/a/index', 'pages/a/b'],
  ['../b/index', 'pages/a/index', 'pages/b/index'],
  ['/b', 'pages/a/index', 'b'],
  ['../../../b', 'pages/a/index', 'b'],
])('%s in %s is %s', (path, from, resolved) => {
  expect(resolvePath(path, from)).toBe(resolved)
})

test('a page URL is split into path and query, whose values are not decoded', () => {
  expect(parsePageUrl('/pages/a/index.html?x=1%202&y&=z&w=a=b', '')).toEqual({
    path: 'pages/a/index',
    query: { x: '1%202', y: '', w: 'a=b' },
  })
})
