import { inflateSync } from 'node:zlib'
import { pictureIn, testPictures, testPng } from '@mianmi/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { executablePath, launchChrome } from './chrome.ts'

/** As the service unpacks the pixels of a PNG, without its threads. */
async function inflate(compressed: Uint8Array, limit: number): Promise<Uint8Array | null> {
  try {
    return inflateSync(compressed, { maxOutputLength: Math.max(1, limit) })
  } catch {
    return null
  }
}

const samples = { ...testPictures, png: testPng({ width: 9, height: 7 }) }

/** What is stored of each picture that is accepted when one byte of it is changed. */
async function acceptedWithAChange(bytes: Uint8Array): Promise<Uint8Array[]> {
  const accepted: Uint8Array[] = []
  for (let at = 0; at < bytes.length; at++) {
    const changed = bytes.with(at, (bytes[at] ?? 0) ^ (1 << (at % 8)))
    const picture = await pictureIn(changed, inflate).catch(() => null)
    if (picture !== null) accepted.push(picture.bytes)
  }
  return accepted
}

const skipped = executablePath ? '' : ' (skipped: no Chromium or Chrome found; set CHROME_PATH)'

describe.skipIf(!executablePath)(`a picture that the service keeps${skipped}`, () => {
  let browser: Awaited<ReturnType<typeof launchChrome>>
  beforeAll(async () => {
    browser = await launchChrome()
  }, 60_000)
  afterAll(() => browser?.close())

  it.each(Object.entries(samples))(
    'is drawn by a browser, at most 1,024 pixels wide and high: %s, whatever byte is changed',
    { timeout: 60_000 },
    async (_kind, bytes) => {
      const pictures = [bytes, ...(await acceptedWithAChange(bytes))]
      const page = await browser.newPage()
      const refused = await page.evaluate(
        async (encoded) => {
          const failed: string[] = []
          for (const text of encoded) {
            const blob = new Blob([Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0))])
            const drawn = await createImageBitmap(blob).catch(() => null)
            if (drawn === null || drawn.width > 1024 || drawn.height > 1024) failed.push(text)
            drawn?.close()
          }
          return failed
        },
        pictures.map((picture) => Buffer.from(picture).toString('base64')),
      )
      expect(refused).toEqual([])
      await page.close()
    },
  )
})
