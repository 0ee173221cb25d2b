import { expect, it } from 'vitest'
import { screenshot } from './chrome.ts'
import { describeInBrowser, fillSignUp, openFromProfile } from './visit.ts'

describeInBrowser('signing in', ({ open }) => {
  it('takes one tap and the person’s leave with the phone number', async () => {
    const phone = await open('阿一')
    const { page } = phone
    await phone.see('home-sign-in').click()
    expect(await phone.see('privacy-guide').textContent()).toContain('点按即同意')
    await phone.see('sign-in-phone').click()
    await page.getByTestId('number-allow').waitFor()
    await screenshot(page, 'sign-in-number')
    await page.getByTestId('number-allow').click()
    await phone.see('home-greeting').waitFor()
    expect(await phone.calls('bind')).toBe(1)
    // The tap was the consent: WeChat has noted it, and asked for nothing else.
    expect(await page.getByTestId('permission-privacy').inputValue()).toBe('yes')
    await phone.press('我的')
    await phone.see('profile-phone').waitFor()
    expect(await phone.see('profile-phone').textContent()).toMatch(/^1\d\d\*{4}\d{4}$/)
  })

  it('without the number goes on with a password', async () => {
    const phone = await open('阿二')
    await phone.see('home-sign-in').click()
    await phone.see('sign-in-phone').click()
    await phone.page.getByTestId('number-deny').click()
    await phone.see('phone-error').waitFor()
    expect(await phone.see('phone-error').textContent()).toContain('也可以用账号和密码')
    expect(await phone.calls('bind')).toBe(0)
    await screenshot(phone.page, 'sign-in-number-refused')
    await fillSignUp(phone, 'aer')
    await phone.see('home-greeting').waitFor()
  })

  it('does without numbers when WeChat gives none', async () => {
    const phone = await open('阿三')
    await phone.page.getByTestId('fault-phoneQuota').check()
    await phone.see('home-sign-in').click()
    await phone.see('sign-in-phone').click()
    await phone.page.getByTestId('number-allow').click()
    await phone.see('phone-error').waitFor()
    await phone.page.getByTestId('fault-none').check()
    expect(await phone.see('sign-in-phone').count()).toBe(0)
    await fillSignUp(phone, 'asan')
    await phone.see('home-greeting').waitFor()
  })

  it('lands where the person was going', async () => {
    const phone = await open('阿四')
    await openFromProfile(phone, 'open-devices')
    await fillSignUp(phone, 'asi')
    await phone.see('device-current').waitFor()
    await phone.press('返回')
    await phone.see('profile-account').waitFor()
  })
})
