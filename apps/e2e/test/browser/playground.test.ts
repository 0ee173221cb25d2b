import { expect, it, onTestFinished } from 'vitest'
import { screenshot } from './chrome.ts'
import { describeInBrowser, password, signUp } from './visit.ts'

describeInBrowser('the mini program in a browser', ({ open, stack }) => {
  it('first launch, bind, profile, relaunch, signed in silently, sign out', async () => {
    const phone = await open('阿青')
    const { page } = phone
    await phone.see('home-sign-in').waitFor()
    expect(await phone.see('home-state').getAttribute('data-status')).toBe('unbound')
    expect(await phone.calls('miniLogin')).toBe(1)
    await screenshot(page, '1-first-launch')

    await phone.see('home-sign-in').click()
    await phone.see('submit').waitFor()
    await screenshot(page, '2-bind')
    await phone.see('tab-register').click()
    await phone.type('field-account', 'aqing')
    await phone.type('field-password', password)
    await screenshot(page, '3-register')
    await phone.see('submit').click()
    await phone.see('home-greeting').waitFor()
    await screenshot(page, '4-signed-in')

    await phone.press('我的')
    await phone.see('profile-account').waitFor()
    expect(await phone.see('profile-account').textContent()).toContain('aqing')
    await screenshot(page, '5-profile')

    await page.getByTestId('call-log-clear').click()
    await page.getByTestId('relaunch').click()
    await phone.see('home-greeting').waitFor()
    expect(await phone.calls('miniLogin')).toBe(0)

    await page.getByTestId('clear-storage').click()
    await phone.see('home-greeting').waitFor()
    expect(await phone.calls('miniLogin')).toBe(1)
    await screenshot(page, '6-signed-in-silently')

    await phone.press('我的')
    await phone.see('profile-sign-out').click()
    await screenshot(page, '7-sign-out')
    await phone.press('退出')
    await phone.see('profile-sign-in').waitFor()
    // Signing out is decided on the phone; the service hears of it a moment later.
    await phone.heard('session.signOut')
    await screenshot(page, '8-signed-out')

    await page.getByTestId('call-log-clear').click()
    await page.getByTestId('relaunch').click()
    await phone.see('home-sign-in').waitFor()
    expect(await phone.calls('miniLogin')).toBe(0)
    await phone.see('home-sign-in').click()
    await phone.see('sign-in-wechat').waitFor()
    await screenshot(page, '9-one-tap')
    await phone.see('sign-in-wechat').click()
    await phone.see('home-greeting').waitFor()
  })

  it('a wrong password is said in a sentence, and what was typed stays', async () => {
    const phone = await open('阿橙')
    await phone.see('home-sign-in').click()
    await phone.type('field-account', 'nobody')
    await phone.type('field-password', 'wrong password')
    await phone.see('submit').click()
    await phone.see('form-error').waitFor()
    expect(await phone.see('form-error').textContent()).toBe('账号或密码不正确')
    expect(await phone.see('field-account').locator('input').inputValue()).toBe('nobody')
    await screenshot(phone.page, 'wrong-password')
    await phone.see('tab-register').click()
    await phone.type('field-account', 'acheng')
    await phone.type('field-password', password)
    await phone.see('submit').click()
    await phone.see('home-greeting').waitFor()
  })

  it('WeChat being down is said, and one tap goes on when it is back', async () => {
    const phone = await open('阿黄')
    await phone.see('home-sign-in').waitFor()
    await phone.page.getByTestId('fault-down').check()
    onTestFinished(async () => {
      await phone.page.getByTestId('fault-none').check()
    })
    await phone.page.getByTestId('clear-storage').click()
    await phone.see('retry').waitFor()
    expect(await phone.see('home-text').textContent()).toContain('微信')
    await screenshot(phone.page, 'wechat-down')
    await phone.page.getByTestId('fault-none').check()
    await phone.see('retry').click()
    await phone.see('home-sign-in').waitFor()
  })

  it('the service being down loses nothing: the person is signed in when it is back', async () => {
    const phone = await open('阿绿')
    await signUp(phone, 'alv')
    await stack().stopService()
    await phone.press('我的')
    await phone.see('retry').waitFor()
    await screenshot(phone.page, 'service-down')
    await stack().restartService()
    await phone.see('retry').click()
    await phone.see('profile-account').waitFor()
    expect(await phone.calls('miniLogin')).toBe(1)
  })

  it('a visitor can look round without signing in, in the dark too', async () => {
    const phone = await open('阿蓝', { dark: true })
    await phone.see('home-sign-in').waitFor()
    await screenshot(phone.page, 'dark-home')
    await phone.press('我的')
    await phone.see('profile-sign-in').waitFor()
    await screenshot(phone.page, 'dark-profile')
    await phone.see('profile-sign-in').click()
    await phone.see('submit').waitFor()
    await screenshot(phone.page, 'dark-bind')
    await phone.see('sign-in-later').click()
    await phone.see('profile-sign-in').waitFor()
  })

  it('fits a screen of 360 pixels without scrolling sideways', async () => {
    const phone = await open('阿紫')
    await phone.see('home-sign-in').waitFor()
    await phone.page.setViewportSize({ width: 360, height: 800 })
    const overflow = await phone.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(overflow).toBe(0)
    await screenshot(phone.page, 'narrow')
  })
})
