import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'
import { beforeAll, expect, it } from 'vitest'
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

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core'), 'utf8')
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

/** Faults that keep somebody out: WCAG 2.2 at level AA, as far as a program can tell. */
async function seriousFaults(page: Page): Promise<string[]> {
  // Its own evaluation, for the page's policy lets no script in.
  await page.evaluate(axe)
  const { passed, failed } = await page.evaluate(async () => {
    type Found = { id: string; impact: string; nodes: { html: string }[] }[]
    const { axe } = globalThis as unknown as {
      axe: { run(of: Document, how: object): Promise<{ passes: Found; violations: Found }> }
    }
    const { passes, violations } = await axe.run(document, { resultTypes: ['violations'] })
    const failed = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    return {
      passed: passes.map(({ id }) => id),
      failed: failed.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
    }
  })
  // Otherwise it has looked at nothing.
  expect(passed).toContain('color-contrast')
  return failed
}

interface Walk {
  readonly paths: Readonly<Record<string, string>>
  readonly suffix: string
}

/** Goes through the pages, on a wide screen and on a narrow one. */
async function expectReadable(page: Page, { paths, suffix }: Walk): Promise<void> {
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
      if (found.join() !== '0 px beside') faults[`${name} ${size}`] = found
    }
  }
  expect(faults).toEqual({})
}

const sideways = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

describeConsole('the console among 100,000 people', (console: Console) => {
  beforeAll(() =>
    inDatabase(console.stack().database, (database) => fill(database, { people, now: Date.now() })),
  )

  it.each(['zh', 'en'] as const)('every page can be read by everybody, in %s', async (language) => {
    const page = await console.visit('/', { language })
    await expectReadable(page, { paths: pages, suffix: language })
  })

  it('pages that have nothing to show can be read too', async () => {
    await expectReadable(await console.visit('/'), { paths: emptyPages, suffix: 'zh' })
  })

  it('pages can be read in the dark', async () => {
    const page = await console.visit('/', { dark: true })
    const { overview, person, conflicts, audit } = pages
    await expectReadable(page, { paths: { overview, person, conflicts, audit }, suffix: 'dark' })
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
      if (!request.url().includes('admin.people.list')) return
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
      const answered = page.waitForResponse(/admin\.people\.list/)
      await button(page, '下一页').click()
      await answered
      await shown(page)
    }
    expect(times.length).toBeGreaterThan(8)
    globalThis.console.log(`people.list: ${times.map((ms) => Math.round(ms)).join(', ')} ms`)
    expect(Math.max(...times)).toBeLessThan(quick)
  })
})
