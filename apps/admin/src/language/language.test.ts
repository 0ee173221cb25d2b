// @vitest-environment jsdom
import { expect, test } from 'vitest'
import { preferredLanguage } from './language.ts'

test('a choice that was kept goes before the languages of the browser', () => {
  expect(preferredLanguage('zh', ['en-GB'])).toBe('zh')
  expect(preferredLanguage('en', ['zh-CN'])).toBe('en')
})

test('without a choice the first language of the browser that the console has is used', () => {
  expect(preferredLanguage(null, ['de', 'en-GB', 'zh-CN'])).toBe('en')
  expect(preferredLanguage(null, ['zh-Hant-TW', 'en'])).toBe('zh')
  expect(preferredLanguage('fr', ['EN-us'])).toBe('en')
})

test('a browser without a language of the console gets Chinese', () => {
  expect(preferredLanguage(null, ['de', 'fr-FR'])).toBe('zh')
  expect(preferredLanguage(null, [])).toBe('zh')
})
