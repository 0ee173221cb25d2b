import type { Page } from 'playwright-core'
import { expect, it } from 'vitest'
import { openFromProfile, signUp } from '../browser/describe-in-browser.ts'
import type { Phone } from '../browser/playground.ts'
import { accessibilityViolations } from './accessibility.ts'
import {
  administrator,
  button,
  confirmDialog,
  describeConsole,
  takeScreenshot,
  totpCode,
  waitUntilLoaded,
} from './describe-console.ts'

const number = '13900006789'

/** Signs up with an account, a nickname and a phone number. */
async function signUpWithProfile(phone: Phone, sandboxUrl: string): Promise<void> {
  await fetch(`${sandboxUrl}/sandbox/person`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user: '小雨', phone: number }),
  })
  await signUp(phone, 'linxiaoyu')
  await openFromProfile(phone, 'open-account')
  await phone.getByTestId('field-nickname').locator('input').focus()
  await phone.getByTestId('privacy-agree').click()
  await phone.fill('field-nickname', '小雨')
  await phone.getByTestId('save-nickname').click()
  await phone.waitForCall('account.updateProfile')
  await phone.getByTestId('bind-phone').click()
  await phone.page.getByTestId('number-allow').click()
  await phone.waitForCall('account.bindPhone')
}

/** Relaunches the mini program and opens the profile page, which calls `me`. */
async function openProfile(phone: Phone): Promise<void> {
  await phone.page.getByTestId('call-log-clear').click()
  await phone.page.getByTestId('relaunch').click()
  await phone.getByTestId('home-greeting').waitFor()
  await phone.pressButton('我的')
}

async function find(page: Page, text: string): Promise<void> {
  await page.getByLabel('查找人员').fill(text)
  await button(page, '查找').click()
  await expect.poll(() => new URL(page.url()).searchParams.get('search')).toContain(text)
  await waitUntilLoaded(page)
}

const found = (page: Page) => page.getByRole('table', { name: '人员列表' }).getByRole('link')
const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
const waitForHeading = (page: Page, name: string) =>
  page.getByRole('heading', { level: 1, name }).waitFor()

async function openPerson(page: Page, account: string): Promise<void> {
  await find(page, account)
  await found(page).click()
  await waitForHeading(page, account)
}

describeConsole('the people pages', ({ open, visit, visitSignedOut, secret, stack }) => {
  it('a person is found by every identifier, the full number is shown on demand, and deletion needs a typed word', async () => {
    const phone = await open('小雨')
    await signUpWithProfile(phone, stack().sandboxUrl)
    const page = await visit('/people')
    await find(page, 'linxiao')
    await found(page).click()
    await waitForHeading(page, '小雨')
    const openid = (await section(page, '微信身份').getByRole('cell').nth(1).textContent()) ?? ''
    const userId = page.url().split('/').at(-1) ?? ''
    await page.goBack()
    for (const text of ['小雨', number, openid, userId]) {
      await find(page, text)
      expect(await found(page).allTextContents(), text).toEqual([expect.stringContaining('小雨')])
    }
    await find(page, 'xiaoyu')
    await page.getByText('没有符合条件的人员').waitFor()

    await page.getByLabel('角色').selectOption('用户')
    await find(page, 'lin')
    const address = page.url()
    await page.reload()
    await waitUntilLoaded(page)
    await found(page).click()
    await waitForHeading(page, '小雨')
    await button(page, '返回').click()
    await waitUntilLoaded(page)
    expect(page.url()).toBe(address)
    expect(await page.getByLabel('查找人员').inputValue()).toBe('lin')
    expect(await page.getByLabel('角色').inputValue()).toBe('user')
    await found(page).click()

    await button(page, '显示完整号码').click()
    await confirmDialog(page, '显示完整号码')
    await page.getByText(number).waitFor()
    await page.getByRole('link', { name: '在审计日志中查看' }).click()
    const line = page.getByRole('row').filter({ hasText: '查看完整手机号' })
    await line.waitFor()
    expect(await line.textContent()).toContain('成功')
    await page.goBack()

    await button(page, '删除').click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('请输入 linxiaoyu 以确认').fill('linxiaoy')
    expect(await button(dialog, '删除').isDisabled()).toBe(true)
    await dialog.getByLabel('请输入 linxiaoyu 以确认').fill('linxiaoyu')
    await takeScreenshot(page, 'person-delete')
    expect(await accessibilityViolations(page)).toEqual([])
    await button(dialog, '删除').click()
    await waitForHeading(page, '人员')
    await find(page, 'linxiaoyu')
    await page.getByText('没有符合条件的人员').waitFor()
    await phone.page.getByTestId('clear-storage').click()
    await phone.getByTestId('home-sign-in').waitFor()
  })

  it('sessions are ended, a person is disabled and enabled, and an identity is unbound', async () => {
    const phone = await open('小晴')
    await signUp(phone, 'xiaoqing')
    const page = await visit('/people')
    await openPerson(page, 'xiaoqing')
    await button(section(page, '登录会话'), '吊销').click()
    await confirmDialog(page, '吊销')
    await section(page, '登录会话').getByText('没有进行中的会话。').waitFor()
    await openProfile(phone)
    await phone.getByTestId('profile-account').waitFor()
    expect(await phone.callCount('miniLogin')).toBe(1)

    await button(page, '停用').click()
    await confirmDialog(page, '停用')
    await button(page, '启用').waitFor()
    await openProfile(phone)
    const screen = phone.page.getByTestId('phone').frameLocator('iframe')
    await screen.getByText('账号已被停用，请联系管理员').first().waitFor()
    await button(page, '启用').click()
    await confirmDialog(page, '启用')
    await button(page, '停用').waitFor()
    // The last wx.login invalidated the session key that the service keeps, and a disabled user cannot send a new one.
    await button(page, '重置会话密钥').click()
    await confirmDialog(page, '重置会话密钥')
    await page.getByText('我们保存的会话密钥已经失效').waitFor()
    await openProfile(phone)
    await phone.getByTestId('profile-account').waitFor()

    await button(page, '重置会话密钥').click()
    await confirmDialog(page, '重置会话密钥')
    await page.getByText('会话密钥已重置').waitFor()
    await button(page, '解绑').click()
    await confirmDialog(page, '解绑')
    await section(page, '微信身份').getByText('没有绑定任何小程序。').waitFor()
    await phone.page.getByTestId('clear-storage').click()
    await phone.getByTestId('home-sign-in').waitFor()
  })

  it('works with the keyboard alone', async () => {
    const phone = await open('小霜')
    await signUp(phone, 'xiaoshuang')
    const code = totpCode(await secret(), 1)
    const page = await visitSignedOut('/people')
    const { keyboard } = page
    const focus = () =>
      page.evaluate(() => document.activeElement?.textContent || document.activeElement?.tagName)
    /** Presses a key until the focused element has this text. */
    const press = async (key: string, name: string) => {
      for (let times = 0; times < 60; times++) {
        await keyboard.press(key)
        if ((await focus())?.trim() === name) return
      }
      throw new Error(`${key} never reaches ${name}`)
    }
    /** Types after an input has the focus. */
    const type = async (text: string) => {
      await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('INPUT')
      await keyboard.type(text)
    }
    await page.getByLabel('账号').waitFor()
    await type(administrator.account)
    await keyboard.press('Tab')
    await type(administrator.password)
    await keyboard.press('Enter')
    await page.getByRole('heading', { name: '两步验证' }).waitFor()
    await type(code)
    await keyboard.press('Enter')
    await waitForHeading(page, '人员')
    await waitUntilLoaded(page)
    await keyboard.press('/')
    await type('xiaoshu')
    await keyboard.press('Enter')
    await expect.poll(() => page.url()).toContain('xiaoshu')
    await waitUntilLoaded(page)
    await press('Tab', 'Xxiaoshuang')
    await keyboard.press('Enter')
    await waitForHeading(page, 'xiaoshuang')
    await waitUntilLoaded(page)
    await press('Tab', '吊销')
    await keyboard.press('Enter')
    await page.getByRole('dialog').waitFor()
    // Pressing Enter without reading must not confirm.
    expect(await focus()).toBe('取消')
    await press('Tab', '吊销')
    await keyboard.press('Enter')
    await section(page, '登录会话').getByText('没有进行中的会话。').waitFor()
    await press('Shift+Tab', '退出登录')
    await keyboard.press('Enter')
    await button(page, '下一步').waitFor()
  })
})
