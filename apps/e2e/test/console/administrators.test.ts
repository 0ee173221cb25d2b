import { expect, it } from 'vitest'
import { accessibilityViolations } from './accessibility.ts'
import {
  administrator,
  button,
  describeConsole,
  takeScreenshot,
  totpCode,
  waitUntilLoaded,
} from './describe-console.ts'

const added = { account: 'banzhang', password: 'another sentinel password' }
const ownCode = '你的验证器上的 6 位数字'

describeConsole('the administrators of the console', ({ visit, visitSignedOut, secret }) => {
  it('one adds another, who enrols with the code that is shown, and loses the role again', async () => {
    const page = await visit('/administrators')
    const table = page.getByRole('table', { name: '管理员列表' })
    await table.getByRole('link', { name: administrator.account }).waitFor()
    await takeScreenshot(page, 'administrators')
    expect(await accessibilityViolations(page)).toEqual([])

    await button(page, '添加管理员').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('账号').fill(added.account)
    await dialog.getByLabel('初始密码').fill(added.password)
    await dialog.getByLabel(ownCode).fill(totpCode(await secret(), 1))
    expect(await accessibilityViolations(page)).toEqual([])
    await button(dialog, '添加管理员').click()
    await page.getByText(`${added.account} 的注册码`).waitFor()
    const enrolmentCode = (await dialog.locator('code').textContent()) ?? ''
    expect(enrolmentCode).toMatch(/^(\w{4}-){4}\w{4}$/)
    await takeScreenshot(page, 'administrators-enrolment-code')
    await button(page, '我已保存好').click()
    await table.getByRole('link', { name: added.account }).waitFor()
    expect(await page.content()).not.toContain(enrolmentCode)

    const other = await visitSignedOut('/administrators')
    await other.getByLabel('账号').fill(added.account)
    await other.getByLabel('密码', { exact: true }).fill(added.password)
    await button(other, '下一步').click()
    await other.getByLabel('注册码').fill(enrolmentCode)
    await button(other, '下一步').click()
    const otherSecret = (await other.locator('.secret code').textContent()) ?? ''
    await other.getByLabel('验证码').fill(totpCode(otherSecret))
    await button(other, '登录').click()
    await button(other, '我已保存好').click()
    await waitUntilLoaded(other)

    // The new administrator removes the first one, whose page is signed out with the next call.
    const row = other.getByRole('row').filter({ hasText: administrator.account })
    await button(row.first(), '取消管理员').click()
    const removal = other.getByRole('dialog')
    await removal.getByLabel(ownCode).fill(totpCode(otherSecret, 1))
    await button(removal, '取消管理员').click()
    await other.getByText('已取消管理员身份').waitFor()
    await page.getByRole('link', { name: '人员', exact: true }).click()
    await button(page, '下一步').waitFor()

    // The last one cannot remove the role.
    await button(other.getByRole('row').filter({ hasText: added.account }), '取消管理员').click()
    await removal.getByLabel(ownCode).fill('000000')
    await button(removal, '取消管理员').click()
    await removal
      .getByText('验证码不正确或已经用过，请用下一个；仍然不行时，核对手机和服务器的时间。')
      .waitFor()
  })
})
