import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { accessibilityViolations } from './accessibility.ts'
import { button, describeConsole, takeScreenshot, waitUntilLoaded } from './describe-console.ts'

/** A day as the overview counts it, from midnight to midnight in UTC+8. */
const dayBefore = (days: number): string =>
  new Date(Date.now() + 8 * 3_600_000 - days * 86_400_000).toISOString().slice(0, 10)

const languages = {
  zh: { from: '从', to: '至', custom: '自定义', apply: '查询', month: /^\d+月$/ },
  en: {
    from: 'From',
    to: 'To',
    custom: 'Custom',
    apply: 'Apply',
    month: /^(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)$/,
  },
} as const

/** Opens the calendar of a field; its month must be in the language of the page, and its panel must fit. */
async function checkCalendar(page: Page, { label, month }: { label: string; month: RegExp }) {
  await page.getByLabel(label, { exact: true }).click()
  const panel = page.locator('.ant-picker-dropdown').last()
  await panel.getByRole('button').filter({ hasText: month }).first().waitFor()
  const { x = -1, width = 0 } = (await panel.boundingBox()) ?? {}
  const { width: screen } = page.viewportSize() ?? { width: 0 }
  return {
    faults: await accessibilityViolations(page),
    isInside: x >= 0 && x + width <= screen,
  }
}

describeConsole('the calendars', ({ visit }) => {
  it.each([
    ['zh', 'wide', false],
    ['zh', 'narrow', true],
    ['en', 'wide', true],
    ['en', 'narrow', false],
  ] as const)(
    'are in the language of the page and fit: %s, %s, dark: %s',
    async (language, size, dark) => {
      const { from, month } = languages[language]
      for (const path of [`/?from=${dayBefore(9)}&to=${dayBefore(2)}`, '/audit']) {
        const page = await visit(path, { language, size, dark })
        await page.getByLabel(from, { exact: true }).and(page.locator(':enabled')).waitFor()
        const found = await checkCalendar(page, { label: from, month })
        await takeScreenshot(
          page,
          `calendar-${path === '/audit' ? 'audit' : 'overview'}-${language}-${size}`,
        )
        expect(found).toEqual({ faults: [], isInside: true })
        await page.keyboard.press('Escape')
      }
    },
  )

  it('a range is entered with the keyboard alone, and the address opens it again', async () => {
    const { from, to, custom } = languages.zh
    const page = await visit('/')
    await page.getByText(custom, { exact: true }).click()
    const field = page.getByLabel(from, { exact: true }).and(page.locator(':enabled'))
    await field.waitFor()
    await field.focus()
    await page.keyboard.press('Control+A')
    await page.keyboard.type(dayBefore(20))
    await page.keyboard.press('Tab')
    await page.getByLabel(to, { exact: true }).focus()
    await page.keyboard.press('Control+A')
    await page.keyboard.type(dayBefore(1))
    await page.keyboard.press('Enter')
    const search = `?from=${dayBefore(20)}&to=${dayBefore(1)}`
    await expect.poll(() => new URL(page.url()).search).toBe(search)
    await page.reload()
    await waitUntilLoaded(page)
    await field.waitFor()
    expect(await field.inputValue()).toBe(dayBefore(20))
    await page
      .getByRole('link', { name: '概览' })
      .and(page.locator('[aria-current=page]'))
      .waitFor()

    // From the last day to the first one is no range.
    await field.fill(dayBefore(0))
    await field.press('Tab')
    await button(page, '查询').click()
    await page.getByText('开始日期不能晚于结束日期。').waitFor()
    expect(await accessibilityViolations(page)).toEqual([])
    expect(new URL(page.url()).search).toBe(search)
  })
})
