import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { TOTP } from 'otpauth'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { type BrowserFixture, describeInBrowser } from '../browser/describe-in-browser.ts'

export const administrator = { account: 'shouye', password: 'sentinel administrator password' }

export const sizes = {
  wide: { width: 1440, height: 900 },
  narrow: { width: 390, height: 844 },
} as const

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>

interface PageOptions {
  language?: 'zh' | 'en'
  size?: keyof typeof sizes
  dark?: boolean
}

export interface ConsoleFixture extends BrowserFixture {
  /** Opens a page of the console in a new browser context with a signed-in administrator. */
  visit(path: string, options?: PageOptions): Promise<Page>
  /** The TOTP secret of the administrator. */
  secret(): Promise<string>
  /** Opens a page of the console without a session. */
  visitSignedOut(path: string, options?: PageOptions): Promise<Page>
}

/** Describes tests that share one service, one browser and one administrator with both factors. */
export function describeConsole(
  title: string,
  tests: (fixture: ConsoleFixture) => void,
  more: Readonly<Record<string, string>> = {},
): void {
  const env = {
    ...more,
    ADMIN_ACCOUNT: administrator.account,
    ADMIN_PASSWORD: administrator.password,
    WECHAT_APP_NAMES: 'wx6d69616e6d690001:免密商城,wx6d69616e6d690002:免密会员',
  }
  describeInBrowser(
    title,
    (fixture) => {
      const open = (path: string, options?: PageOptions, cookies?: Cookies) =>
        openPage(fixture.browser(), `${fixture.stack().serviceUrl}/admin${path}`, {
          ...options,
          cookies,
        })
      let enrolment: ReturnType<typeof enrol> | undefined
      const enrolled = () => {
        enrolment ??= enrol(fixture)
        return enrolment
      }

      tests({
        ...fixture,
        visitSignedOut: (path, options) => open(path, options),
        secret: async () => (await enrolled()).secret,
        async visit(path, options) {
          const page = await open(path, options, (await enrolled()).cookies)
          await waitUntilLoaded(page)
          return page
        },
      })
    },
    env,
  )
}

/** Opens a page. The test fails when the page throws an error or violates its content security policy. */
async function openPage(
  browser: Browser,
  url: string,
  {
    language = 'zh',
    size = 'wide',
    dark = false,
    cookies = [],
  }: PageOptions & { cookies?: Cookies | undefined },
): Promise<Page> {
  const context = await browser.newContext({
    viewport: sizes[size],
    locale: { zh: 'zh-CN', en: 'en-GB' }[language],
    timezoneId: 'Asia/Shanghai',
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
  })
  await context.addCookies(cookies)
  await context.addInitScript(
    (name) => localStorage.setItem('mianmi-console:language', name),
    language,
  )
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    // The browser also logs replies with an error status; these are expected.
    const isRefusal = message.text().startsWith('Failed to load resource')
    if (message.type() === 'error' && !isRefusal) errors.push(message.text())
  })
  onTestFinished(async () => {
    expect(errors).toEqual([])
    await context.close()
  })
  await page.goto(url)
  return page
}

/** The TOTP code of now, or of a later time step of 30 s. */
export function totpCode(secret: string, steps = 0): string {
  const timestamp = Date.now() + steps * 30_000
  return new TOTP({ secret: secret.replaceAll(' ', '') }).generate({ timestamp })
}

/** Enrols the administrator through the procedures that the sign-in page calls. */
async function enrol(fixture: BrowserFixture) {
  const { serviceUrl } = fixture.stack()
  const context = await fixture.browser().newContext()
  const call = async (procedure: string, data: object = {}) => {
    const url = `${serviceUrl}/admin/trpc/account.${procedure}`
    const response = await context.request.post(url, { data, headers: { origin: serviceUrl } })
    expect(response.status(), await response.text()).toBe(200)
    return (await response.json()).result.data as { secret: string }
  }
  await call('signIn', administrator)
  const { secret } = await call('enrol', { enrolmentCode: fixture.stack().enrolmentCode() })
  await call('proveCode', { code: totpCode(secret) })
  const cookies = await context.cookies()
  await context.close()
  return { secret, cookies }
}

/** Waits until the page has loaded its data. */
export async function waitUntilLoaded(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' })
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
}

export const button = (within: Page | Locator, name: string): Locator =>
  within.getByRole('button', { name, exact: true })

/** Confirms the open dialog. */
export async function confirmDialog(page: Page, verb: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await button(dialog, verb).click()
  await dialog.waitFor({ state: 'detached' })
}

const folder = fileURLToPath(new URL('../../.reports/console/', import.meta.url))

/** Saves a screenshot for review. */
export async function takeScreenshot(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const path = `${folder}${name}.png`
  await page.screenshot({ path, animations: 'disabled', caret: 'hide' })
}

/** Changes the database of the running service in one transaction. */
export function withDatabase<T>(file: string, work: (database: Database.Database) => T): T {
  const database = new Database(file, { timeout: 10_000 })
  try {
    const result = database.transaction(work)(database)
    // Otherwise the next commit of the service would have to checkpoint the large WAL, and delay its callers.
    database.pragma('wal_checkpoint(TRUNCATE)')
    return result
  } finally {
    database.close()
  }
}
