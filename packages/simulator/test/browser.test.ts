import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { env } from 'node:process'
import { type Browser, chromium, type Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileFixture } from './launch.ts'

const executable = [
  env['CHROME_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path !== undefined && existsSync(path))

const FLAGS = `--headless --no-sandbox --disable-gpu --disable-quic --no-first-run
  --disable-background-networking --disable-component-update --disable-sync`.split(/\s+/)

const drawing = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><circle cx="4" cy="4" r="4" fill="red"/></svg>',
)}`

/** The simulator as a page would load it, bundled into one script. */
async function bundle(): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: {
        entry: join(import.meta.dirname, '../src/index.ts'),
        formats: ['iife'],
        name: 'simulator',
      },
    },
  })
  const [output] = Array.isArray(result) ? result : [result]
  const chunk = output && 'output' in output ? output.output[0] : undefined
  if (!chunk) throw new Error('vite built nothing')
  return chunk.code
}

const title = executable ? 'in a real browser' : 'in a real browser (skipped: no Chromium found)'

describe.skipIf(!executable)(title, () => {
  let browser: Browser
  let page: Page
  const phone = () => page.frameLocator('iframe')

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executable ?? '', args: FLAGS })
    page = await browser.newPage({ viewport: { width: 375, height: 700 } })
    await page.setContent(
      '<!doctype html><body style="margin:0"><div id="phone" style="height:700px"></div>',
    )
    await page.addScriptTag({ content: await bundle() })
    await page.evaluate(
      async ({ app, drawing }) => {
        const { createSimulator } = (globalThis as unknown as Bundle).simulator
        const container = document.getElementById('phone') as HTMLElement
        const made = createSimulator({
          container,
          app,
          wx: (screen) => {
            Object.assign(globalThis, { screen })
            return { ...screen, write: () => undefined }
          },
          openType: {
            person: () => ({ nickname: 'Ann', phone: '13800138000', avatarUrl: drawing }),
          },
        })
        Object.assign(globalThis, { made })
        await made.launch()
      },
      { app: await compileFixture(), drawing },
    )
  }, 60_000)

  afterAll(async () => {
    await browser?.close()
  })

  type Bundle = { simulator: typeof import('../src/index.ts') }
  type Made = { made: import('../src/index.ts').Simulator }
  const style = (testId: string, property: string) =>
    phone()
      .getByTestId(testId)
      .evaluate((element, name) => getComputedStyle(element).getPropertyValue(name), property)

  test('1rpx is a 750th of the width, and styles apply in their scope', async () => {
    expect(await style('styled', 'width')).toBe('50px')
    expect(await style('title', 'font-size')).toBe('20px')
    expect(await style('title', 'color')).toBe('rgb(7, 193, 96)')
    expect(await style('card-head', 'padding-top')).toBe('12px')
    expect(await style('add', 'width')).toBe('184px')
  })

  test('a click and the Enter key press a button', async () => {
    await phone().getByTestId('add').click()
    await phone().getByTestId('add').press('Enter')
    expect(await phone().getByTestId('count').textContent()).toBe('2')
  })

  test('the dark theme reaches the page’s styles', async () => {
    await page.evaluate(() => (globalThis as unknown as Made).made.setTheme('dark'))
    const background = () =>
      phone()
        .locator('wx-page')
        .evaluate((element) => getComputedStyle(element).backgroundColor)
    expect(await background()).toBe('rgb(17, 17, 17)')
    await page.evaluate(() => (globalThis as unknown as Made).made.setTheme('light'))
    expect(await background()).toBe('rgb(247, 247, 247)')
  })

  test("a page's styles apply to that page only, and its scroll position is restored", async () => {
    await phone()
      .locator('.sim-page')
      .evaluate((frame) => {
        frame.scrollTop = 40
      })
    await page.getByRole('button', { name: 'Me', exact: true }).click()
    await phone().getByTestId('me').waitFor()
    await page.getByRole('button', { name: 'Home' }).click()
    await phone().getByTestId('title').waitFor()
    const frame = phone().locator('.sim-page:not([hidden])')
    expect(await frame.evaluate((element) => element.scrollTop)).toBe(40)
    const background = phone().locator('.sim-page:not([hidden]) > wx-page')
    expect(await background.evaluate((element) => getComputedStyle(element).backgroundColor)).toBe(
      'rgb(247, 247, 247)',
    )
  })

  test('text typed into a form is submitted', async () => {
    await page.evaluate(() => (globalThis as unknown as Made).made.launch('pages/form/index'))
    await phone().getByPlaceholder('Your name').fill('Ann')
    await phone().getByTestId('submit').click()
    const data = await page.evaluate(
      () => (globalThis as unknown as Made).made.pageStack()[0]?.data['submitted'],
    )
    expect(data).toMatchObject({ name: 'Ann', about: 'old' })
  })

  test('a toast without a mask lets taps through, as on the phone', async () => {
    const hit = await page.evaluate(() => {
      const { screen } = globalThis as unknown as { screen: import('../src/index.ts').ScreenHost }
      screen.showToast({ title: 'Saved', icon: 'success', duration: Number.POSITIVE_INFINITY })
      const toast = document.querySelector('.sim-toast') as HTMLElement
      const { left, top, width, height } = toast.getBoundingClientRect()
      const under = document.elementFromPoint(left + width / 2, top + height / 2)
      screen.hideToast()
      return under?.tagName
    })
    expect(hit).toBe('IFRAME')
  })

  test('an avatar becomes a JPEG of 132 pixels, and can be compressed', async () => {
    await page.evaluate(() => (globalThis as unknown as Made).made.launch('pages/form/index'))
    await phone().getByTestId('avatar').click()
    await page.getByTestId('avatar-wechat').click()
    const event = () =>
      page.evaluate(() => {
        const { made } = globalThis as unknown as Made
        return JSON.stringify(made.pageStack()[0]?.data)
      })
    await expect.poll(event).toContain('http://tmp/')
    const [path = ''] = /http:[^"]+\.jpg/.exec(await event()) ?? []
    const pictures = await page.evaluate(async (chosen) => {
      const { screen } = globalThis as unknown as { screen: import('../src/index.ts').ScreenHost }
      const smaller = await screen.compressImage(chosen, { width: 24, quality: 80 })
      const load = async (path: string) => {
        const bytes = screen.readFile(path) ?? new Uint8Array()
        const image = await createImageBitmap(new Blob([Uint8Array.from(bytes)]))
        return { begins: [...bytes.slice(0, 3)], size: [image.width, image.height] }
      }
      return [await load(chosen), await load(smaller)]
    }, path)
    expect(pictures).toEqual([
      { begins: [0xff, 0xd8, 0xff], size: [132, 132] },
      { begins: [0xff, 0xd8, 0xff], size: [24, 24] },
    ])
  })
})
