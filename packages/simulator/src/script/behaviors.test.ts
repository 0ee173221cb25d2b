import { expect, test } from 'vitest'
import { isScoped, withScriptOptions } from './behaviors.ts'

test.each([
  [{}, false],
  [{ component: true }, true],
  [{ component: true, styleIsolation: 'isolated' }, true],
  [{ component: true, styleIsolation: 'apply-shared' }, true],
  [{ component: true, styleIsolation: 'shared' }, false],
  [{ styleIsolation: 'page-isolated' }, true],
  [{ styleIsolation: 'page-apply-shared' }, true],
  [{ styleIsolation: 'page-shared' }, false],
])('the classes of %o are isolated: %s', (config, expected) => {
  expect(isScoped(config)).toBe(expected)
})

test('options of the script override the JSON', () => {
  const options = { styleIsolation: 'shared', addGlobalClass: true, virtualHost: true }
  expect(withScriptOptions({ component: true, styleIsolation: 'isolated' }, { options })).toEqual({
    component: true,
    styleIsolation: 'shared',
    addGlobalClass: true,
  })
  expect(withScriptOptions({ component: true }, {})).toEqual({ component: true })
})
