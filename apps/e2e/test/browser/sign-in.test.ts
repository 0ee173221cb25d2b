import { expect, it } from 'vitest'
import { screenshot } from './chrome.ts'
import { describeInBrowser, fillSignUp, openFromProfile } from './describe-in-browser.ts'

describeInBrowser('the sign-in page', ({ open }) => {
  it('signs in with one tap and a shared phone number', async () => {
    const phone = await open('阿一')
    const { page } = phone
    await phone.getByTestId('home-sign-in').click()
    expect(await phone.getByTestId('privacy-guide').textContent()).toContain('点按即同意')
    await phone.getByTestId('sign-in-phone').click()
    await page.getByTestId('number-allow').waitFor()
    await screenshot(page, 'sign-in-number')
    await page.getByTestId('number-allow').click()
    await phone.getByTestId('home-greeting').waitFor()
    expect(await phone.callCount('bind')).toBe(1)
    // The tap gave the privacy consent: WeChat has recorded it and asked for nothing else.
    expect(await page.getByTestId('permission-privacy').inputValue()).toBe('yes')
    await phone.pressButton('我的')
    await phone.getByTestId('profile-phone').waitFor()
    expect(await phone.getByTestId('profile-phone').textContent()).toMatch(/^1\d\d\*{4}\d{4}$/)
    // Of a person whom only the number names.
    expect(await phone.getByTestId('avatar').textContent()).toBe('')
    await screenshot(page, 'profile-number')
  })

  it('offers the password form when the number is not shared', async () => {
    const phone = await open('阿二')
    await phone.getByTestId('home-sign-in').click()
    await phone.getByTestId('sign-in-phone').click()
    await phone.page.getByTestId('number-deny').click()
    await phone.getByTestId('phone-error').waitFor()
    expect(await phone.getByTestId('phone-error').textContent()).toContain('也可以用账号和密码')
    expect(await phone.callCount('bind')).toBe(0)
    const colours = (testid: string) =>
      phone.getByTestId(testid).evaluate((element) => {
        const { color, borderTopColor, opacity } = getComputedStyle(element)
        return { color, borderTopColor, opacity }
      })
    const submit = await colours('submit')
    // An outline in the colour of its text: a pale surface without one looks disabled.
    expect(submit).toMatchObject({ borderTopColor: submit.color, opacity: '1' })
    // A refusal is a note in the same colour, not an error in red.
    expect((await colours('phone-error')).color).toBe(submit.color)
    await screenshot(phone.page, 'sign-in-number-refused')
    await fillSignUp(phone, 'aer')
    await phone.getByTestId('home-greeting').waitFor()
  })

  it('hides the number button when the quota of WeChat is used up', async () => {
    const phone = await open('阿三')
    await phone.page.getByTestId('fault-phoneQuota').check()
    await phone.getByTestId('home-sign-in').click()
    await phone.getByTestId('sign-in-phone').click()
    await phone.page.getByTestId('number-allow').click()
    await phone.getByTestId('phone-error').waitFor()
    await phone.page.getByTestId('fault-none').check()
    expect(await phone.getByTestId('sign-in-phone').count()).toBe(0)
    await fillSignUp(phone, 'asan')
    await phone.getByTestId('home-greeting').waitFor()
  })

  it('returns to the page that required the sign-in', async () => {
    const phone = await open('阿四')
    await openFromProfile(phone, 'open-devices')
    await fillSignUp(phone, 'asi')
    await phone.getByTestId('device-current').waitFor()
    await phone.pressButton('返回')
    await phone.getByTestId('profile-account').waitFor()
  })
})
