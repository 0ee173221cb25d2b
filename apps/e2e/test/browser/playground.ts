import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RunningProcess } from '@mianmi/api/testing/process'
import type { Browser, Locator, Page } from 'playwright-core'
import { start } from '../start-process.ts'

const apps = 'wx6d69616e6d690001:secret,wx6d69616e6d690002:another-secret'

/** Starts service, sandbox and playground as `npm start` does, on free ports and in a temporary folder. */
export async function startPlayground(extraEnv: Record<string, string> = {}) {
  const cwd = mkdtempSync(join(tmpdir(), 'mianmi-browser-'))
  const sandbox = start('sandbox', { cwd, env: { SANDBOX_PORT: '0' } })
  const sandboxUrl = await sandbox.listening
  const startService = (port: string): RunningProcess =>
    start('service', {
      cwd,
      env: {
        PORT: port,
        WECHAT_APPS: apps,
        SECRET_KEY: Buffer.alloc(32, 'secret key 3').toString('base64'),
        WECHAT_API_URL: sandboxUrl,
        // The address that the mini program is built with; the playground proxies it to the service.
        ISSUER: 'http://127.0.0.1:3000',
        ...extraEnv,
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
    /** With which the first administrator enrols an authenticator app: the first start prints it. */
    enrolmentCode: () => /code, until \S+: (\S+)/.exec(service.output.stderr)?.[1] ?? '',
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
  /** An element of the top page of the mini program. */
  getByTestId(testId: string): Locator
  /** Fills a field of the mini program. */
  fill(testId: string, text: string): Promise<void>
  /** Presses a button that WeChat draws outside the pages: of a dialog, the tab bar or the navigation bar. */
  pressButton(name: string): Promise<void>
  /** Counts the calls of a procedure since the network log was cleared. */
  callCount(procedure: string): Promise<number>
  /** Waits until a call of the procedure has ended. */
  waitForCall(procedure: string): Promise<void>
  /** Uncaught errors of the page. */
  readonly errors: string[]
}

/** Opens the playground in a new browser context and signs in to WeChat as `person`. */
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
  page.setDefaultTimeout(30_000)
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(String(error)))
  const phone = page.getByTestId('phone')
  const top = phone.frameLocator('iframe').locator('.sim-page:not([hidden])')
  await page.goto(url)
  // Wait until the launch of the default person has ended, including the service's own call to WeChat, whose line may
  // arrive after the page is rendered. Then clear the log.
  await top.locator('[data-testid=home-state]:not([data-status=starting])').waitFor()
  await page.locator('[data-testid=call-log-row][data-api=code2Session]').waitFor()
  await page.getByTestId('call-log-clear').click()
  await page.getByTestId('person-input').fill(person)
  await page.getByTestId('person-add').click()
  const rows = (procedure: string) =>
    page.locator(`[data-testid=call-log-row][data-procedure*="${procedure}"]`)
  return {
    page,
    getByTestId: (testId) => top.getByTestId(testId),
    fill: (testId, text) => top.getByTestId(testId).locator('input').fill(text),
    pressButton: (name) => phone.getByRole('button', { name, exact: true }).click(),
    callCount: (procedure) => rows(procedure).count(),
    waitForCall: (procedure) => rows(procedure).first().waitFor(),
    errors,
  }
}
