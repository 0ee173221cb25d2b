import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import { TOTP } from 'otpauth'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { describeInBrowser, type Visit } from '../browser/visit.ts'

export const operator = { account: 'shouye', password: 'sentinel horse of the desk' }

export const sizes = {
  wide: { width: 1440, height: 900 },
  narrow: { width: 390, height: 844 },
} as const

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>

interface Look {
  language?: 'zh' | 'en'
  size?: keyof typeof sizes
  dark?: boolean
}

export interface Console extends Visit {
  /** A page of the console, in a browser of its own in which the operator is signed in already. */
  visit(path: string, look?: Look): Promise<Page>
  /** What the operator's authenticator keeps. */
  secret(): Promise<string>
  /** The same without the operator. */
  visitAsStranger(path: string, look?: Look): Promise<Page>
}

/** Tests that share one service, one browser and one operator, who has both factors. */
export function describeConsole(title: string, tests: (console: Console) => void): void {
  const env = { ADMIN_ACCOUNT: operator.account, ADMIN_PASSWORD: operator.password }
  describeInBrowser(
    title,
    (visit) => {
      const open = (path: string, look?: Look, cookies?: Cookies) =>
        openPage(visit.browser(), `${visit.stack().serviceUrl}/admin${path}`, { ...look, cookies })
      let first: ReturnType<typeof enrol> | undefined
      const enrolled = () => {
        first ??= enrol(visit)
        return first
      }

      tests({
        ...visit,
        visitAsStranger: (path, look) => open(path, look),
        secret: async () => (await enrolled()).secret,
        async visit(path, look) {
          const page = await open(path, look, (await enrolled()).cookies)
          await shown(page)
          return page
        },
      })
    },
    env,
  )
}

/** A page that may throw nothing, and whose policy may have refused nothing. */
async function openPage(
  browser: Browser,
  url: string,
  {
    language = 'zh',
    size = 'wide',
    dark = false,
    cookies = [],
  }: Look & { cookies?: Cookies | undefined },
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
  page.setDefaultTimeout(10_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  page.on('console', (message) => {
    // What the service refused with a reason is told here too.
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

/** Six digits as the authenticator shows them, now or so many steps later. */
export function codeOf(secret: string, steps = 0): string {
  const timestamp = Date.now() + steps * 30_000
  return new TOTP({ secret: secret.replaceAll(' ', '') }).generate({ timestamp })
}

/** Signs the operator in for the first time by what the sign-in page calls, without the page. */
async function enrol(visit: Visit) {
  const { serviceUrl } = visit.stack()
  const context = await visit.browser().newContext()
  const call = async (procedure: string, data: object = {}) => {
    const url = `${serviceUrl}/admin/trpc/account.${procedure}`
    const response = await context.request.post(url, { data, headers: { origin: serviceUrl } })
    expect(response.status(), await response.text()).toBe(200)
    return (await response.json()).result.data as { secret: string }
  }
  await call('signIn', operator)
  const { secret } = await call('enrol')
  await call('proveCode', { code: codeOf(secret) })
  const cookies = await context.cookies()
  await context.close()
  return { secret, cookies }
}

/** Waits until the page has what it was waiting for. */
export async function shown(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).waitFor()
  await page.locator('.ant-skeleton').first().waitFor({ state: 'detached' })
  await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
}

export const button = (within: Page | Locator, name: string): Locator =>
  within.getByRole('button', { name, exact: true })

/** Agrees where the console asks. */
export async function agree(page: Page, verb: string): Promise<void> {
  const dialog = page.getByRole('dialog')
  await button(dialog, verb).click()
  await dialog.waitFor({ state: 'detached' })
}

const folder = fileURLToPath(new URL('../../.reports/console/', import.meta.url))

/** For whoever wants to see what the tests saw. */
export async function photograph(page: Page, name: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  const path = `${folder}${name}.jpg`
  await page.screenshot({ path, quality: 85, animations: 'disabled', caret: 'hide' })
}

/** Works on the service's database from outside, while it runs. */
export function inDatabase<T>(file: string, work: (database: Database.Database) => T): T {
  const database = new Database(file, { timeout: 10_000 })
  try {
    const result = database.transaction(work)(database)
    // What a bulk leaves in the log would be for the service's next commit to write, with everybody waiting.
    database.pragma('wal_checkpoint(TRUNCATE)')
    return result
  } finally {
    database.close()
  }
}
