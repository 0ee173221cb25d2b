import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** Faults that keep somebody out: WCAG 2.2 at level AA, as far as a program can tell. */
export async function seriousFaults(page: Page): Promise<string[]> {
  // Its own evaluation, for the page's policy lets no script in.
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
  // Otherwise it has looked at nothing.
  expect(passed).toContain('color-contrast')
  return failed
}
