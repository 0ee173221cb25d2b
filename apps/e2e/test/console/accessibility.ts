import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Returns serious and critical violations of WCAG 2.2 level AA that axe can detect. */
export async function accessibilityViolations(page: Page): Promise<string[]> {
  // Evaluated by the driver: the content security policy of the page forbids an injected script.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(axe.source)
  const { passed, failed } = await page.evaluate(async () => {
    type Found = { id: string; impact: string; nodes: { html: string }[] }[]
    const { axe } = globalThis as unknown as {
      axe: { run(of: Document, how: object): Promise<{ passes: Found; violations: Found }> }
    }
    const { passes, violations } = await axe.run(document, {
      resultTypes: ['violations'],
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
    })
    const failed = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    return {
      passed: passes.map(({ id }) => id),
      failed: failed.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${id}: ${html}`)),
    }
  })
  // Proves that axe has examined the page.
  expect(passed).toContain('color-contrast')
  return failed
}
