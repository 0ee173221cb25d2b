import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest'
import { executablePath, launchChrome } from './chrome.ts'
import { openPhone, type Phone, startPlayground } from './playground.ts'

export const password = 'correct horse'

type PlaygroundStack = Awaited<ReturnType<typeof startPlayground>>

export interface BrowserFixture {
  stack(): PlaygroundStack
  browser(): Browser
  /** Opens the playground in a new browser context as `person`. The test fails when its page throws an error. */
  open(person: string, options?: { dark?: boolean }): Promise<Phone>
}

/** Describes tests that share one stack and one browser; each phone gets its own browser context. */
export function describeInBrowser(
  title: string,
  tests: (fixture: BrowserFixture) => void,
  env: Record<string, string> = {},
): void {
  const skipped = executablePath ? '' : ' (skipped: no Chromium or Chrome found; set CHROME_PATH)'
  describe.skipIf(!executablePath)(`${title}${skipped}`, () => {
    let browser: Browser
    let stack: PlaygroundStack

    beforeAll(async () => {
      stack = await startPlayground(env)
      browser = await launchChrome()
    }, 60_000)

    afterAll(async () => {
      await browser?.close()
      await stack?.stop()
    })

    tests({
      stack: () => stack,
      browser: () => browser,
      async open(person, options = {}) {
        const phone = await openPhone(browser, { url: stack.url, person, ...options })
        onTestFinished(async () => {
          expect(phone.errors).toEqual([])
          await phone.page.context().close()
        })
        return phone
      },
    })
  })
}

/** Registers an account on the sign-in page, which must be open. */
export async function fillSignUp(phone: Phone, account: string): Promise<void> {
  await phone.getByTestId('tab-register').click()
  await phone.fill('field-account', account)
  await phone.fill('field-password', password)
  await phone.getByTestId('submit').click()
}

/** Registers an account from the home page. */
export async function signUp(phone: Phone, account: string): Promise<void> {
  await phone.getByTestId('home-sign-in').click()
  await fillSignUp(phone, account)
  await phone.getByTestId('home-greeting').waitFor()
}

/** Opens a page through its link on the profile page. */
export async function openFromProfile(phone: Phone, link: string): Promise<void> {
  await phone.pressButton('我的')
  await phone.getByTestId(link).click()
}

/** Makes the access token expired. Token times are whole seconds, so it waits for the next second first. */
export async function letTokenExpire(phone: Phone): Promise<void> {
  const second = Math.floor(Date.now() / 1000)
  await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(second)
  await phone.page.getByTestId('expire-token').click()
}
