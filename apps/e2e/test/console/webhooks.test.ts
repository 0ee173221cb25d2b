import { startReceiver } from '@mianmi/api/testing/receiver'
import type { Page } from 'playwright-core'
import { Webhook } from 'standardwebhooks'
import { expect, it } from 'vitest'
import { accessibilityViolations } from './accessibility.ts'
import {
  button,
  confirmDialog,
  describeConsole,
  takeScreenshot,
  totpCode,
  waitUntilLoaded,
  withDatabase,
} from './describe-console.ts'

const ownCode = '你的验证器上的 6 位数字'

describeConsole(
  'the webhooks of the console',
  ({ visit, secret, stack }) => {
    /** Enters a code in the open dialog. Each code is accepted once, and the next one comes after 30 s. */
    const confirmWithCode = async (page: Page, verb: string) => {
      withDatabase(stack().database, (database) =>
        database.prepare('update operator_factors set last_step = 0').run(),
      )
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel(ownCode).fill(totpCode(await secret()))
      await button(dialog, verb).click()
    }
    const readSecret = async (page: Page) => {
      const dialog = page.getByRole('dialog', { name: '签名密钥' })
      const shown = (await dialog.locator('code').textContent()) ?? ''
      await button(dialog, '我已保存好').click()
      await dialog.waitFor({ state: 'detached' })
      return shown
    }

    it('one is made, tested, replayed, rotated, disabled, enabled and removed', async () => {
      const { url, calls, answerWith } = await startReceiver(500)
      const page = await visit('/webhooks')
      await page.getByText('还没有 webhook').waitFor()
      await button(page, '创建 webhook').click()
      const dialog = page.getByRole('dialog')
      await dialog.getByLabel('地址').fill(url)
      for (const event of await dialog.getByRole('checkbox').all()) await event.check()
      expect(await accessibilityViolations(page)).toEqual([])
      await takeScreenshot(page, 'webhook-create')
      await confirmWithCode(page, '创建 webhook')
      const first = await readSecret(page)
      expect(first).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
      expect(await page.content()).not.toContain(first)
      const row = page.getByRole('row').filter({ hasText: url })
      await row.getByText('正常').waitFor()
      // Beside all events there is room for the address.
      const address = await row.getByRole('cell').first().boundingBox()
      expect(address?.width).toBeGreaterThanOrEqual(180)

      // A test that fails is given up at once.
      await button(row, '测试').click()
      await expect.poll(() => calls.length).toBe(1)
      const dead = page.getByRole('table', { name: '已放弃的投递' })
      await expect
        .poll(async () => {
          await button(page, '刷新').click()
          await waitUntilLoaded(page)
          return dead.count()
        })
        .toBe(1)
      await dead.getByText('HTTP 500').waitFor()
      expect(await accessibilityViolations(page)).toEqual([])
      await takeScreenshot(page, 'webhook-dead')

      answerWith(204)
      await button(dead, '重新投递').click()
      await page.getByText('已重新排队 1 个').waitFor()
      await expect.poll(() => calls.length).toBe(2)
      await page.getByText('没有已放弃的投递。').waitFor()
      const [, replayed] = calls
      expect(() =>
        new Webhook(first).verify(replayed?.body ?? '', replayed?.headers ?? {}),
      ).not.toThrow()

      await button(row, '轮换密钥').click()
      await confirmWithCode(page, '轮换密钥')
      const second = await readSecret(page)
      expect(second).toMatch(/^whsec_/)
      expect(second).not.toBe(first)
      await row.getByText(/^旧密钥有效至/).waitFor()
      await button(row, '测试').click()
      await expect.poll(() => calls.length).toBe(3)
      const { headers = {}, body = '' } = calls[2] ?? {}
      for (const each of [first, second])
        expect(() => new Webhook(each).verify(body, headers)).not.toThrow()

      await button(row, '停用').click()
      await confirmWithCode(page, '停用')
      await row.getByText('已停用').waitFor()
      expect(await button(row, '测试').isDisabled()).toBe(true)
      await button(row, '启用').click()
      await confirmWithCode(page, '启用')
      await row.getByText('正常').waitFor()

      await button(row, '移除').click()
      await confirmDialog(page, '移除')
      await page.getByText('还没有 webhook').waitFor()
    })
  },
  { WEBHOOK_ALLOW: '127.0.0.1/32' },
)
