import type { Page } from 'playwright-core'
import { expect, it, onTestFinished } from 'vitest'
import { screenshot } from './chrome.ts'
import { describeInBrowser, password, signUp } from './describe-in-browser.ts'

describeInBrowser('the mini program in a browser', ({ open, stack }) => {
  it('first launch, registration, profile, relaunch, silent sign-in, sign-out', async () => {
    const phone = await open('阿青')
    const { page } = phone
    await phone.getByTestId('home-sign-in').waitFor()
    expect(await phone.getByTestId('home-state').getAttribute('data-status')).toBe('unbound')
    expect(await phone.callCount('miniLogin')).toBe(1)
    await screenshot(page, '1-first-launch')

    await phone.getByTestId('home-sign-in').click()
    await phone.getByTestId('submit').waitFor()
    await screenshot(page, '2-bind')
    await phone.getByTestId('tab-register').click()
    await phone.fill('field-account', 'aqing')
    await phone.fill('field-password', password)
    await screenshot(page, '3-register')
    await phone.getByTestId('submit').click()
    await phone.getByTestId('home-greeting').waitFor()
    await screenshot(page, '4-signed-in')

    await phone.pressButton('我的')
    await phone.getByTestId('profile-account').waitFor()
    expect(await phone.getByTestId('profile-account').textContent()).toContain('aqing')
    await screenshot(page, '5-profile')

    await page.getByTestId('call-log-clear').click()
    await page.getByTestId('relaunch').click()
    await phone.getByTestId('home-greeting').waitFor()
    expect(await phone.callCount('miniLogin')).toBe(0)

    await page.getByTestId('clear-storage').click()
    await phone.getByTestId('home-greeting').waitFor()
    expect(await phone.callCount('miniLogin')).toBe(1)
    await screenshot(page, '6-signed-in-silently')

    await phone.pressButton('我的')
    await phone.getByTestId('profile-sign-out').click()
    await screenshot(page, '7-sign-out')
    await phone.pressButton('退出')
    await phone.getByTestId('profile-sign-in').waitFor()
    // The client signs out first; its call to the service follows.
    await phone.waitForCall('session.signOut')
    await screenshot(page, '8-signed-out')

    await page.getByTestId('call-log-clear').click()
    await page.getByTestId('relaunch').click()
    await phone.getByTestId('home-sign-in').waitFor()
    expect(await phone.callCount('miniLogin')).toBe(0)
    await phone.getByTestId('home-sign-in').click()
    await phone.getByTestId('sign-in-wechat').waitFor()
    await screenshot(page, '9-one-tap')
    await phone.getByTestId('sign-in-wechat').click()
    await phone.getByTestId('home-greeting').waitFor()
  })

  it('a wrong password shows a message, and the input stays', async () => {
    const phone = await open('阿橙')
    await phone.getByTestId('home-sign-in').click()
    await phone.fill('field-account', 'unknown')
    await phone.fill('field-password', 'wrong password')
    await phone.getByTestId('submit').click()
    await phone.getByTestId('form-error').waitFor()
    expect(await phone.getByTestId('form-error').textContent()).toBe('账号或密码不正确')
    expect(await phone.getByTestId('field-account').locator('input').inputValue()).toBe('unknown')
    await screenshot(phone.page, 'wrong-password')
    await phone.getByTestId('tab-register').click()
    await phone.fill('field-account', 'acheng')
    await phone.fill('field-password', password)
    await phone.getByTestId('submit').click()
    await phone.getByTestId('home-greeting').waitFor()
  })

  it('while WeChat is down a message is shown, and one tap retries when it is back', async () => {
    const phone = await open('阿黄')
    await phone.getByTestId('home-sign-in').waitFor()
    await phone.page.getByTestId('fault-down').check()
    onTestFinished(async () => {
      await phone.page.getByTestId('fault-none').check()
    })
    await phone.page.getByTestId('clear-storage').click()
    await phone.getByTestId('retry').waitFor()
    expect(await phone.getByTestId('home-text').textContent()).toContain('微信')
    await screenshot(phone.page, 'wechat-down')
    await phone.page.getByTestId('fault-none').check()
    await phone.getByTestId('retry').click()
    await phone.getByTestId('home-sign-in').waitFor()
  })

  it('the user is still signed in after the service was down', async () => {
    const phone = await open('阿绿')
    await signUp(phone, 'alv')
    await stack().stopService()
    await phone.pressButton('我的')
    await phone.getByTestId('retry').waitFor()
    await screenshot(phone.page, 'service-down')
    await stack().restartService()
    await phone.getByTestId('retry').click()
    await phone.getByTestId('profile-account').waitFor()
    expect(await phone.callCount('miniLogin')).toBe(1)
  })

  it('a visitor can browse without signing in, in the dark theme too', async () => {
    const phone = await open('阿蓝', { dark: true })
    await phone.getByTestId('home-sign-in').waitFor()
    await screenshot(phone.page, 'dark-home')
    await phone.pressButton('我的')
    await phone.getByTestId('profile-sign-in').waitFor()
    await screenshot(phone.page, 'dark-profile')
    await phone.getByTestId('profile-sign-in').click()
    await phone.getByTestId('submit').waitFor()
    await screenshot(phone.page, 'dark-bind')
    await phone.getByTestId('sign-in-later').click()
    await phone.getByTestId('profile-sign-in').waitFor()
  })

  it('the page fits into 360 pixels without horizontal scrolling', async () => {
    const phone = await open('阿紫')
    await phone.getByTestId('home-sign-in').waitFor()
    await phone.page.setViewportSize({ width: 360, height: 800 })
    expect(await overflowOf(phone.page)).toBe(0)
    await screenshot(phone.page, 'narrow')
  })

  it.each([
    ['zh', 'light'],
    ['en', 'light'],
    ['zh', 'dark'],
    ['en', 'dark'],
  ])(
    'fits at every width, and shows first what a newcomer needs (%s, %s)',
    async (language, theme) => {
      const phone = await open(`${language} ${theme}`, { dark: theme === 'dark' })
      await phone.getByTestId('home-sign-in').waitFor()
      const { page } = phone
      if (language === 'en') await page.getByTestId('language').click()
      await page.locator('[data-testid=call-log-row][data-procedure=miniLogin] summary').click()
      for (const [width, height] of [
        [1440, 900],
        [1140, 900],
        [1024, 768],
        [390, 844],
      ] as const) {
        await page.setViewportSize({ width, height })
        expect(await overflowOf(page), `${width}`).toBe(0)
        await screenshot(page, `playground-${width}-${language}-${theme}`)
        if (width === 1440)
          for (const id of ['guide-steps', 'fault-list'])
            expect(await bottomOf(page, id), id).toBeLessThan(height)
        // The calls are beside the phone and not below it.
        if (width === 1024) expect(await topOf(page, 'call-log')).toBeLessThan(height - 150)
      }
    },
  )

  it('on a small screen a button that acts on the phone shows the phone', async () => {
    const phone = await open('small screen')
    const { page } = phone
    await phone.getByTestId('home-sign-in').waitFor()
    await page.setViewportSize({ width: 390, height: 700 })
    await page.getByTestId('person-小红').click()
    await expect
      .poll(() =>
        page.evaluate(() => document.querySelector('.phone')?.getBoundingClientRect().top),
      )
      .toBeGreaterThan(-50)
  })
})

const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

const bottomOf = (page: Page, id: string): Promise<number> =>
  page.evaluate((name) => document.getElementById(name)?.getBoundingClientRect().bottom ?? 1e9, id)

const topOf = (page: Page, id: string): Promise<number> =>
  page.evaluate((name) => document.getElementById(name)?.getBoundingClientRect().top ?? 1e9, id)
