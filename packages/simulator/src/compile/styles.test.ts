import { expect, test } from 'vitest'
import { createFaults } from './faults.ts'
import { compileStyles, rewriteValue } from './styles.ts'

/** The CSS of the page or component `path`, or its fault. */
const compile = (texts: Record<string, string>, path = 'components/card/index'): string => {
  const faults = createFaults()
  const files = { texts: new Map(Object.entries(texts)), assets: {} }
  const styles = compileStyles(files, [path], faults)
  return styles[path]?.css ?? faults.messages[path] ?? ''
}

const card = (css: string): string => compile({ 'components/card/index.wxss': css })

test.each([
  ['750rpx', 'calc(750 * var(--rpx))'],
  ['-1.5rpx auto', 'calc(-1.5 * var(--rpx)) auto'],
  ['calc(100% - 20rpx)', 'calc(100% - calc(20 * var(--rpx)))'],
  ['url(a-20rpx.png) 1px', 'url(a-20rpx.png) 1px'],
  ['env(safe-area-inset-bottom)', 'var(--safe-area-inset-bottom, env(safe-area-inset-bottom))'],
  [
    'constant(safe-area-inset-top, 4px)',
    'var(--safe-area-inset-top, env(safe-area-inset-top, 4px))',
  ],
])('the value %s becomes %s', (value, expected) => {
  expect(rewriteValue(value)).toBe(expected)
})

test.each([
  ['.a view > text', '.__scope__a wx-view > wx-text'],
  ['page', 'wx-page'],
  [':root', 'wx-page'],
  [':host', '[wx-host="components-card-index"]'],
  [':host(.on) .a', '[wx-host="components-card-index"].__scope__on .__scope__a'],
  ['button::after, #id', 'wx-button::after, #id'],
  ['.a:not(.b):active', '.__scope__a:not(.__scope__b):active'],
])('the selector %s becomes %s', (selector, expected) => {
  expect(card(`${selector} {}`)).toBe(`${expected} {}`)
})

test('a dark media query follows the simulator’s theme, not the browser’s', () => {
  expect(card('@media (prefers-color-scheme: dark) { .a { color: red } }')).toBe(
    ':where(.sim-viewport[data-theme="dark"]) .__scope__a { color: red }',
  )
  expect(card('@media (min-width: 100rpx) and (prefers-color-scheme: dark) { .a {} }')).toBe(
    '@media (min-width: 50px) { :where(.sim-viewport[data-theme="dark"]) .__scope__a {} }',
  )
})

test('keyframe selectors are not rewritten as tags', () => {
  expect(card('@keyframes k { from { left: 1rpx } 50% {} to {} }')).toBe(
    '@keyframes k { from { left: calc(1 * var(--rpx)) } 50% {} to {} }',
  )
})

test('an import is replaced by its content, and circular imports end', () => {
  const css = compile({
    'components/card/index.wxss': "@import '/shared.wxss';\n.a {}",
    'shared.wxss': "@import './components/card/index.wxss';\n.s {}",
  })
  expect(css).toBe('.__scope__s {}\n.__scope__a {}')
})

test('a fault names file and line', () => {
  expect(card('.a {\n  color: red;\n  bad')).toContain('components/card/index.wxss:3:3: ')
  expect(card('.a {}\n.b {')).toBe('components/card/index.wxss:2:1: Unclosed block')
  expect(card("@import 'gone.wxss';")).toBe(
    'components/card/index.wxss: @import of "components/card/gone.wxss", which does not exist',
  )
})

test('a fault of app.wxss is thrown', () => {
  expect(() => compile({ 'app.wxss': '.a {' })).toThrow('app.wxss:1:1: Unclosed block')
})
