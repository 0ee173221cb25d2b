import type { Page } from 'playwright-core'
import { beforeAll, expect, it, vi } from 'vitest'
import {
  button,
  type Console,
  describeConsole,
  inDatabase,
  photograph,
  shown,
  sizes,
} from './console.ts'
import { accountOf, fill, idOf, nicknameOf } from './crowd.ts'
import { seriousFaults } from './readable.ts'

const people = 100_000
/** Server time of a page of people, in ms; many times what it takes, for machines that do other things too. */
const quick = 250
/** No picture is taller, in pixels. */
const tall = 1_800

const pages = {
  overview: '/',
  people: '/people',
  person: `/people/${idOf(99_986)}`,
  conflicts: '/conflicts',
  audit: '/audit',
  apps: '/apps',
  settings: '/settings',
  me: '/me',
}
const emptyPages = {
  'people-nobody': '/people?search=nobody',
  'person-missing': '/people/nobody',
  missing: '/nowhere',
}

interface Walk {
  readonly paths: Readonly<Record<string, string>>
  readonly suffix: string
}

/** Goes through the pages, on a wide screen and on a narrow one. */
async function faultsOnTheWay(page: Page, { paths, suffix }: Walk): Promise<object> {
  const { origin } = new URL(page.url())
  const faults: Record<string, unknown> = {}
  for (const [name, path] of Object.entries(paths)) {
    await page.goto(`${origin}/admin${path}`)
    for (const [size, { width, height }] of Object.entries(sizes)) {
      await page.setViewportSize({ width, height })
      await shown(page)
      const whole = await page.evaluate(() => document.documentElement.scrollHeight)
      await page.setViewportSize({ width, height: Math.min(whole, tall) })
      await photograph(page, `${name}-${suffix}-${size}`)
      const found = [...(await seriousFaults(page)), `${await sideways(page)} px beside`]
      if (found.join() !== '0 px beside') faults[`${name} ${suffix} ${size}`] = found
    }
  }
  return faults
}

const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

describeConsole('the console among 100,000 people', (console: Console) => {
  beforeAll(async () => {
    const { database: file, serviceUrl } = console.stack()
    inDatabase(file, (database) => fill(database, { people, now: Date.now() }))
    // The machine was busy with that: as long as the service came late to everything it sheds load.
    await vi.waitFor(
      async () => expect((await fetch(`${serviceUrl}/.well-known/jwks.json`)).status).toBe(200),
      { timeout: 20_000 },
    )
  })

  it('every page can be read by everybody, in both languages and in the dark', async () => {
    const { overview, person } = pages
    const walks = [
      { paths: { ...pages, ...emptyPages }, suffix: 'zh', look: {} },
      { paths: pages, suffix: 'en', look: { language: 'en' } },
      { paths: { overview, person }, suffix: 'dark', look: { dark: true } },
    ] as const
    const visits = walks.map(async ({ look, ...walk }) =>
      faultsOnTheWay(await console.visit('/', look), walk),
    )
    expect(Object.assign({}, ...(await Promise.all(visits)))).toEqual({})
  })

  it('the navigation is behind a button on a narrow screen', async () => {
    const page = await console.visit('/people', { size: 'narrow' })
    await button(page, '打开导航').click()
    await page.getByRole('dialog').getByRole('link', { name: '设置' }).waitFor()
    await photograph(page, 'navigation-zh-narrow')
    expect(await seriousFaults(page)).toEqual([])
    await page.getByRole('dialog').getByRole('link', { name: '设置' }).click()
    await page.getByRole('heading', { level: 1, name: '设置' }).waitFor()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
  })

  it('people are found as quickly as if they were few', async () => {
    const page = await console.visit('/people')
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
    await shown(page)
    for (let turn = 0; turn < 5; turn++) {
      const answered = page.waitForResponse(/people\.list/)
      await button(page, '下一页').click()
      await answered
      await shown(page)
    }
    expect(times.length).toBeGreaterThan(8)
    globalThis.console.log(`people.list: ${times.map((ms) => Math.round(ms)).join(', ')} ms`)
    expect(Math.max(...times)).toBeLessThan(quick)
  })
})
