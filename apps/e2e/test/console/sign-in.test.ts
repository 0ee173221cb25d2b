import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { accessibilityViolations } from './accessibility.ts'
import {
  administrator,
  button,
  describeConsole,
  takeScreenshot,
  totpCode,
  waitUntilLoaded,
  withDatabase,
} from './describe-console.ts'

async function enterPassword(page: Page): Promise<void> {
  await page.getByLabel('账号').fill(administrator.account)
  await page.getByLabel('密码', { exact: true }).fill(administrator.password)
  await button(page, '下一步').click()
}

async function enterCode(page: Page, label: '验证码' | '恢复码', code: string): Promise<void> {
  await page.getByLabel(label).fill(code)
  await button(page, '登录').click()
}

const signOut = async (page: Page) => {
  await button(page, '退出登录').click()
  await button(page, '下一步').waitFor()
}

const sessionCookie = '__Host-mianmi-operator'
const browserCookie = '__Host-mianmi-browser'
const cookieNames = async (page: Page) => (await page.context().cookies()).map(({ name }) => name)

const heading = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name, exact: true }).waitFor()

describeConsole('the sign-in of an administrator', ({ visitSignedOut, stack }) => {
  it('an administrator enrols an authenticator, saves recovery codes, and signs in with either', async () => {
    const page = await visitSignedOut('/people?status=active')
    await page.getByLabel('账号').fill(administrator.account)
    await page.getByLabel('密码', { exact: true }).fill('not the password')
    await button(page, '下一步').click()
    await page.getByText('账号或密码不正确。').waitFor()
    await takeScreenshot(page, 'sign-in-password')
    expect(await accessibilityViolations(page)).toEqual([])
    await enterPassword(page)

    await heading(page, '设置两步验证')
    await page.getByLabel('注册码').fill(stack().enrolmentCode().toLowerCase())
    await takeScreenshot(page, 'sign-in-enrolment-code')
    expect(await accessibilityViolations(page)).toEqual([])
    await button(page, '下一步').click()
    await page.getByLabel('供验证器扫描的二维码').waitFor()
    await takeScreenshot(page, 'sign-in-enrol')
    expect(await accessibilityViolations(page)).toEqual([])
    const secret = (await page.locator('.secret code').textContent()) ?? ''
    await enterCode(page, '验证码', totpCode(secret))
    await heading(page, '保存恢复码')
    await takeScreenshot(page, 'sign-in-recovery-codes')
    expect(await accessibilityViolations(page)).toEqual([])
    const [recoveryCode = '', ...others] = await page
      .getByRole('list', { name: '恢复码' })
      .getByRole('listitem')
      .allTextContents()
    expect(others).toHaveLength(9)
    await button(page, '我已保存好').click()

    // The page that was requested before the sign-in.
    await heading(page, '人员')
    expect(page.url()).toMatch(/\/people\?status=active$/)
    const cookies = await page.context().cookies()
    const cookie = cookies.find(({ name }) => name === sessionCookie)
    const attributes = { httpOnly: true, secure: true, sameSite: 'Strict' }
    expect(cookies.map(({ name }) => name).sort()).toEqual([browserCookie, sessionCookie])
    for (const each of cookies) expect(each).toMatchObject(attributes)
    expect(cookie?.expires).toBe(-1)
    const readable = await page.evaluate(() =>
      JSON.stringify([localStorage, sessionStorage, document.cookie, document.body.outerHTML]),
    )
    for (const secretText of [cookie?.value ?? 'none', recoveryCode, secret.replaceAll(' ', '')])
      expect(readable).not.toContain(secretText)

    await signOut(page)
    expect(await cookieNames(page)).toEqual([browserCookie])
    await page.goBack()
    await button(page, '下一步').waitFor()
    await enterPassword(page)
    await enterCode(page, '验证码', totpCode(secret, 9))
    await page
      .getByText('验证码不正确或已经用过，请用下一个；仍然不行时，核对手机和服务器的时间。')
      .waitFor()
    // The current code is used up; the code of the next time step is accepted already.
    await enterCode(page, '验证码', totpCode(secret, 1))
    await heading(page, '人员')

    await signOut(page)
    await enterPassword(page)
    await button(page, '手机不在身边？用恢复码').click()
    await enterCode(page, '恢复码', recoveryCode.toLowerCase())
    await page.getByRole('link', { name: administrator.account }).click()
    await page.getByText('还剩 9 个恢复码').waitFor()
    await signOut(page)
    await enterPassword(page)
    await button(page, '手机不在身边？用恢复码').click()
    await enterCode(page, '恢复码', recoveryCode)
    await page.getByText('恢复码不正确或已经用过。').waitFor()
  })
})

describeConsole('an idle administrator', ({ visit, secret, stack }) => {
  it('is warned, then signed out, and returns to the page after signing in', async () => {
    const page = await visit('/settings')
    await page.clock.install()
    await page.reload()
    await waitUntilLoaded(page)
    await page.clock.fastForward('29:20')
    const dialog = page.getByRole('dialog', { name: '还在吗？' })
    await dialog.waitFor()
    await takeScreenshot(page, 'idle')
    expect(await accessibilityViolations(page)).toEqual([])
    await button(dialog, '继续使用').click()
    await dialog.waitFor({ state: 'hidden' })
    await page.clock.fastForward('30:10')
    await page.getByText('长时间没有操作，已为你退出登录。').waitFor()
    expect(await cookieNames(page)).toEqual([browserCookie])
    await page.clock.setSystemTime(Date.now())
    await enterPassword(page)
    await enterCode(page, '验证码', totpCode(await secret(), 1))
    await heading(page, '设置')
    await waitUntilLoaded(page)

    // The service ends an idle session, independent of the browser.
    const past = Date.now() - 30 * 60_000
    withDatabase(stack().database, (database) =>
      database.prepare('update operator_sessions set last_seen_at = ?').run(past),
    )
    await page.getByRole('link', { name: '人员' }).click()
    await button(page, '下一步').waitFor()
    expect(new URL(page.url()).searchParams.get('back')).toBe('/people')
  })
})
