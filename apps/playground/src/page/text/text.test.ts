import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { en } from './dictionary-en.ts'
import { type TextKey, zh } from './dictionary-zh.ts'

const holes = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(String).sort()

test('both languages have the same placeholders', () => {
  for (const key of Object.keys(zh) as TextKey[]) {
    expect([key, ...holes(en[key])]).toEqual([key, ...holes(zh[key])])
  }
})

test('the HTML contains the Chinese texts of the dictionary', async () => {
  const html = await readFile(new URL('../index.html', import.meta.url), 'utf8')
  const texts = [...html.matchAll(/data-t="([\w.]+)"[^>]*>([^<]*)</g)]
  expect(texts.length).toBeGreaterThan(10)
  for (const [, key, text] of texts) expect([key, text]).toEqual([key, zh[key as TextKey]])
})
