import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, Locator, Page } from 'playwright-core'
import { type Running, start } from '../process.ts'

const apps = 'wx6d69616e6d690001:secret,wx6d69616e6d690002:another-secret'

/** The whole of `npm start`, on free ports and with nothing kept: service, sandbox and playground. */
export async function startPlayground(more: Record<string, string> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'mianmi-browser-'))
  const sandbox = start('sandbox', { cwd, env: { SANDBOX_PORT: '0' } })
  const sandboxUrl = await sandbox.listening
  const startService = (port: string): Running =>
    start('service', {
      cwd,
      env: {
        PORT: port,
        WECHAT_APPS: apps,
        SECRET_KEY: Buffer.alloc(32, 3).toString('base64'),
        WECHAT_API_URL: sandboxUrl,
        // As the mini program knows the service; the playground leads there.
        ISSUER: 'http://127.0.0.1:3000',
        ...more,
      },
    })
  let service = startService('0')
  const serviceUrl = await service.listening
  const playground = start('playground', {
    cwd,
    env: { PLAYGROUND_PORT: '0', SERVICE_URL: serviceUrl, SANDBOX_URL: sandboxUrl },
  })
  const url = await playground.listening
  return {
    url,
    serviceUrl,
    sandboxUrl,
    database: join(cwd, '.data', 'mianmi.db'),
    stopService: () => service.stop('SIGKILL'),
    restartService: async () => {
      service = startService(new URL(serviceUrl).port)
      await service.listening
    },
    stop: async () => {
      await Promise.all([playground.stop(), service.stop(), sandbox.stop()])
      rmSync(cwd, { recursive: true })
    },
  }
}

export interface Phone {
  readonly page: Page
  /** Something on the page of the mini program that is on top. */
  see(testId: string): Locator
  /** Types into a field of the mini program. */
  type(testId: string, text: string): Promise<void>
  /** A button of a dialog or of the tab bar, which WeChat draws outside of the pages. */
  press(name: string): Promise<void>
  /** How often a procedure was called since the wire was cleared. */
  calls(procedure: string): Promise<number>
  /** Waits until a call of it is over. */
  heard(procedure: string): Promise<void>
  /** Errors of the page's own code. */
  readonly errors: string[]
}

/** A browser of its own, in which `person` holds the phone. */
export async function openPhone(
  browser: Browser,
  { url, person, dark = false }: { url: string; person: string; dark?: boolean },
): Promise<Phone> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    locale: 'zh-CN',
    colorScheme: dark ? 'dark' : 'light',
  })
  const page = await context.newPage()
  page.setDefaultTimeout(10_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  const phone = page.getByTestId('phone')
  const top = phone.frameLocator('iframe').locator('.sim-page:not([hidden])')
  await page.goto(url)
  // Whoever held the phone before has been signed in, or not, and is off the wire: also the line of their launch
  // that comes from the service's side, and may come after the page is drawn.
  await top.locator('[data-testid=home-state]:not([data-status=starting])').waitFor()
  await page.locator('[data-testid=call-log-row][data-api=code2Session]').waitFor()
  await page.getByTestId('call-log-clear').click()
  await page.getByTestId('person-input').fill(person)
  await page.getByTestId('person-add').click()
  const rows = (procedure: string) =>
    page.locator(`[data-testid=call-log-row][data-procedure*="${procedure}"]`)
  return {
    page,
    see: (testId) => top.getByTestId(testId),
    type: (testId, text) => top.getByTestId(testId).locator('input').fill(text),
    press: (name) => phone.getByRole('button', { name, exact: true }).click(),
    calls: (procedure) => rows(procedure).count(),
    heard: (procedure) => rows(procedure).first().waitFor(),
    errors,
  }
}
