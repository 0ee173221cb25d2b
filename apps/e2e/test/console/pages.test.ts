import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
import { accessibilityViolations } from './accessibility.ts'
import {
  button,
  type ConsoleFixture,
  describeConsole,
  takeScreenshot,
  waitUntilLoaded,
  withDatabase,
} from './describe-console.ts'
import { accountOf, idOf, nicknameOf, seedDatabase } from './seed-people.ts'

const people = 100_000
/** Upper limit of the server time of one page of people, in ms; many times the usual time, for loaded machines. */
const maxServerMs = 250
/** The widths at which each page must fit, in pixels; the layout changes at 900 and at 992. */
const widths = [1_440, 1_152, 1_024, 900, 390]
/** The maximum height of a screenshot, in pixels. */
const maxHeight = 1_800

const pages = {
  overview: '/',
  people: '/people',
  person: `/people/${idOf(99_986)}`,
  conflicts: '/conflicts',
  audit: '/audit',
  administrators: '/administrators',
  apps: '/apps',
  'service-keys': '/service-keys',
  webhooks: '/webhooks',
  settings: '/settings',
  me: '/me',
}
/** A day as the overview counts it, from midnight to midnight in UTC+8. */
const dayBefore = (days: number): string =>
  new Date(Date.now() + 8 * 3_600_000 - days * 86_400_000).toISOString().slice(0, 10)
const pagesWithSearch = {
  'overview-range': `/?from=${dayBefore(9)}&to=${dayBefore(2)}`,
  'people-oldest': '/people?sort=oldest',
  'people-admins': '/people?role=admin',
}
const emptyPages = {
  'people-empty': '/people?search=unknown',
  'person-missing': '/people/unknown',
  missing: '/unknown',
}

const visits = [
  ...Object.entries(pages).map(([name, path]) => ({ name: `${name}-zh`, path, options: {} })),
  ...Object.entries({ ...pagesWithSearch, ...emptyPages }).map(([name, path]) => ({
    name: `${name}-zh`,
    path,
    options: {},
  })),
  ...Object.entries({ ...pages, ...pagesWithSearch, ...emptyPages }).map(([name, path]) => ({
    name: `${name}-en`,
    path,
    options: { language: 'en' as const },
  })),
  ...Object.entries({ ...pages, ...pagesWithSearch }).map(([name, path]) => ({
    name: `${name}-dark`,
    path,
    options: { dark: true },
  })),
]

/** Shows the page at each width; collects accessibility violations and horizontal overflow. */
async function findPageFaults(page: Page, name: string): Promise<object> {
  const faults: Record<string, unknown> = {}
  for (const width of widths) {
    await page.setViewportSize({ width, height: 900 })
    await waitUntilLoaded(page)
    const whole = await page.evaluate(() => document.documentElement.scrollHeight)
    await page.setViewportSize({ width, height: Math.min(whole, maxHeight) })
    await takeScreenshot(page, `${name}-${width}`)
    const found = [
      ...(await accessibilityViolations(page)),
      `${await horizontalOverflow(page)} px overflow`,
    ]
    if (found.join() !== '0 px overflow') faults[width] = found
  }
  return faults
}

/** By how many pixels the page is too wide, or the content of a card that would be cut off. */
const horizontalOverflow = (page: Page) =>
  page.evaluate(() =>
    Math.max(
      ...[document.documentElement, ...document.querySelectorAll('.card')].map(
        (element) => element.scrollWidth - element.clientWidth,
      ),
    ),
  )

describeConsole('the console with 100,000 people', (fixture: ConsoleFixture) => {
  beforeAll(async () => {
    const { database: file } = fixture.stack()
    withDatabase(file, (database) => seedDatabase(database, { people, now: Date.now() }))
  }, 300_000)

  it.each(visits)('the page $name has no serious accessibility violation', async (visit) => {
    const page = await fixture.visit(visit.path, visit.options)
    expect(await findPageFaults(page, visit.name)).toEqual({})
  })

  it.each(['zh', 'en'] as const)('the sign-in page in %s fits each width', async (language) => {
    const page = await fixture.visitSignedOut('/sign-in', { language })
    await page.locator('input').first().waitFor()
    expect(await findPageFaults(page, `sign-in-${language}`)).toEqual({})
  })

  it('unknown and invalid keys in an address are dropped, and the page works', async () => {
    const page = await fixture.visit('/')
    const refused: string[] = []
    page.on('response', (response) => {
      if (response.status() === 400) refused.push(response.url())
    })
    for (const path of Object.values(pages)) {
      await page.goto(
        `${fixture.stack().serviceUrl}/admin${path}?extra=1&role=root&days=x&from=never`,
      )
      await waitUntilLoaded(page)
      await expect.poll(() => new URL(page.url()).search, { message: path }).toBe('')
    }
    expect(refused).toEqual([])
  })

  it('a button opens the navigation on a narrow screen', async () => {
    const page = await fixture.visit('/people', { size: 'narrow' })
    await button(page, '打开导航').click()
    await page.getByRole('dialog').getByRole('link', { name: '设置' }).waitFor()
    await takeScreenshot(page, 'navigation-zh-narrow')
    expect(await accessibilityViolations(page)).toEqual([])
    await page.getByRole('dialog').getByRole('link', { name: '设置' }).click()
    await page.getByRole('heading', { level: 1, name: '设置' }).waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('a search among 100,000 people stays fast', async () => {
    const page = await fixture.visit('/people')
    const times: number[] = []
    page.on('requestfinished', (request) => {
      if (!request.url().includes('people.list')) return
      const { responseStart, requestStart } = request.timing()
      times.push(responseStart - requestStart)
    })
    const found = page.getByRole('table', { name: '人员列表' }).getByRole('link')
    const find = async (text: string, name: string) => {
      await page.getByLabel('查找人员').fill(text)
      await button(page, '查找').click()
      await found.getByText(name).first().waitFor()
    }
    await find(accountOf(4_242), nicknameOf(4_242))
    await find(nicknameOf(50_001), nicknameOf(50_001))
    await find(idOf(77_777), nicknameOf(77_777))
    await button(page, '清除条件').click()
    await page.getByLabel('状态').selectOption({ label: '已停用' })
    await waitUntilLoaded(page)
    for (let turn = 0; turn < 5; turn++) {
      const answered = page.waitForResponse(/people\.list/)
      await button(page, '下一页').click()
      await answered
      await waitUntilLoaded(page)
    }
    expect(times.length).toBeGreaterThan(8)
    console.log(`people.list: ${times.map((ms) => Math.round(ms)).join(', ')} ms`)
    const median = times.toSorted((a, b) => a - b)[times.length >> 1]
    expect(median).toBeLessThan(maxServerMs)
  })
})
