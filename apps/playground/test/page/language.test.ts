// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from 'vitest'
import { loadPage, setBrowserLanguages } from './load-page.ts'

beforeEach(loadPage)

async function languageOf(...languages: string[]): Promise<string> {
  vi.resetModules()
  setBrowserLanguages(...languages)
  return (await import('../../src/page/text/language.ts')).languageTag()
}

test.each([
  [['zh-CN', 'en'], 'zh-CN'],
  [['zh-TW'], 'zh-CN'],
  [['fr', 'zh', 'en'], 'zh-CN'],
  [['en-GB', 'zh-CN'], 'en'],
  [['fr'], 'en'],
  [[], 'en'],
])('a browser of %j gets %s', async (languages, expected) => {
  expect(await languageOf(...languages)).toBe(expected)
})

test('the language that was chosen here before comes first', async () => {
  localStorage.setItem('playground:language', 'en')
  expect(await languageOf('zh-CN')).toBe('en')
})
