import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { accessibilityViolations } from './accessibility.ts'
import {
  button,
  describeConsole,
  takeScreenshot,
  waitUntilLoaded,
  withDatabase,
} from './describe-console.ts'

/** More than five pages of the export, over five days. */
const eventCount = 5_432

function insertAuditEvents(file: string): void {
  withDatabase(file, (database) => {
    const insert = database.prepare(
      `insert into audit_events (at, action, outcome, user_id, app_id, address, device)
       values (?, 'sign_in', ?, ?, 'wx6d69616e6d690001', '203.0.113.7', ?)`,
    )
    const end = Date.now() - 60_000
    for (let index = 0; index < eventCount; index++)
      insert.run(
        end - index * 80_000,
        index % 10 === 0 ? 'code_used' : 'ok',
        `person-${index % 100}`,
        index === 0 ? '=HYPERLINK("https://evil.example")' : 'iPhone 17, "Pro"',
      )
  })
}

describeConsole('the audit log', ({ visit, stack }) => {
  it('filters are kept in the URL, and the export is a safe CSV file', async () => {
    insertAuditEvents(stack().database)
    const page = await visit('/audit')
    await page.getByLabel('操作', { exact: true }).selectOption({ label: '微信登录' })
    await page.getByLabel('结果', { exact: true }).selectOption({ label: '登录码已用过' })
    await page.getByLabel('用户 ID', { exact: true }).fill('person-30')
    await button(page, '查询').click()
    await expect.poll(() => page.url()).toContain('person-30')
    await page.reload()
    await waitUntilLoaded(page)
    const rows = page.getByRole('table', { name: '审计日志' }).locator('tbody tr')
    await rows.first().waitFor()
    for (const text of await rows.allTextContents())
      expect(text).toMatch(/微信登录登录码已用过…?person-30/)

    await button(page, '清除').click()
    await expect.poll(() => page.url()).toMatch(/\/audit$/)
    await page.getByLabel('操作', { exact: true }).selectOption({ label: '微信登录' })
    await expect.poll(() => page.url()).toContain('sign_in')
    await waitUntilLoaded(page)
    await button(page, '下一页').click()
    await expect.poll(() => page.url()).toContain('cursor')
    await page.goBack()
    await waitUntilLoaded(page)

    // Delays the pages until the progress is visible.
    await page.route('**/admin/trpc/audit.list*', async (route) => {
      await page.getByText('已读取').waitFor()
      await route.continue()
    })
    const download = page.waitForEvent('download')
    await button(page, '导出 CSV').click()
    const progress = page.getByRole('progressbar', { name: '导出进度' })
    await progress.waitFor()
    await takeScreenshot(page, 'audit-export')
    const file = await download
    expect(file.suggestedFilename()).toMatch(/^audit-\d{8}-\d{8}\.csv$/)
    await page.getByText('已导出 5,432 行').waitFor()
    expect(await accessibilityViolations(page)).toEqual([])
    const [header, ...records] = readFileSync(await file.path(), 'utf8')
      .trimEnd()
      .split('\r\n')
    expect(header).toBe(
      '\uFEFF编号,时间（UTC）,操作代码,操作,结果代码,结果,用户,管理员,小程序,网络地址,设备,次数',
    )
    expect(records).toHaveLength(eventCount)
    expect(records[0]).toContain(`"'=HYPERLINK(""https://evil.example"")",1`)
    expect(records[1]).toContain(
      'sign_in,微信登录,ok,成功,person-1,,wx6d69616e6d690001,203.0.113.7,"iPhone 17, ""Pro""",1',
    )
    expect(new Set(records).size).toBe(eventCount)
  })
})
