import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, onTestFinished } from 'vitest'
import { executablePath, launchChrome } from './chrome.ts'
import { openPhone, type Phone, startPlayground } from './playground.ts'

export const password = 'correct horse'

type Stack = Awaited<ReturnType<typeof startPlayground>>

export interface Visit {
  stack(): Stack
  browser(): Browser
  /** A browser of its own, in which `person` holds the phone; its page may have thrown nothing. */
  open(person: string, traits?: { dark?: boolean }): Promise<Phone>
}

/** Tests that share one stack and one browser, with everything else for each its own. */
export function describeInBrowser(
  title: string,
  tests: (visit: Visit) => void,
  env: Record<string, string> = {},
): void {
  const skipped = executablePath
    ? ''
    : ' (skipped: no Chromium or Chrome was found; set CHROME_PATH)'
  describe.skipIf(!executablePath)(`${title}${skipped}`, () => {
    let browser: Browser
    let stack: Stack

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
      async open(person, traits = {}) {
        const phone = await openPhone(browser, { url: stack.url, person, ...traits })
        onTestFinished(async () => {
          expect(phone.errors).toEqual([])
          await phone.page.context().close()
        })
        return phone
      },
    })
  })
}

/** Makes an account through the pages, as a new person would, from wherever the sign-in page was opened. */
export async function fillSignUp(phone: Phone, account: string): Promise<void> {
  await phone.see('tab-register').click()
  await phone.type('field-account', account)
  await phone.type('field-password', password)
  await phone.see('submit').click()
}

export async function signUp(phone: Phone, account: string): Promise<void> {
  await phone.see('home-sign-in').click()
  await fillSignUp(phone, account)
  await phone.see('home-greeting').waitFor()
}

/** Opens a page from the profile. */
export async function openFromProfile(phone: Phone, link: string): Promise<void> {
  await phone.press('我的')
  await phone.see(link).click()
}

/** A token knows no finer time than seconds: the next one has to begin before it can be too old. */
export async function letTokenExpire(phone: Phone): Promise<void> {
  const second = Math.floor(Date.now() / 1000)
  await expect.poll(() => Math.floor(Date.now() / 1000)).toBeGreaterThan(second)
  await phone.page.getByTestId('expire-token').click()
}
