import { expect, it } from 'vitest'
import { screenshot } from './chrome.ts'
import type { Phone } from './playground.ts'
import { describeInBrowser, letTokenExpire, openFromProfile, password, signUp } from './visit.ts'

/** The avatar on the page on top: where it comes from, and how wide it is once it is drawn. */
const avatar = async (phone: Phone) => {
  const picture = phone.see('avatar').locator('img')
  await picture.waitFor()
  return picture.evaluate(async (image: HTMLImageElement) => {
    await image.decode()
    return { src: image.src, width: image.naturalWidth }
  })
}

describeInBrowser('the account', ({ open }) => {
  it('takes an avatar of this phone: WeChat’s own, and a photograph that is made smaller', async () => {
    const phone = await open('小赵')
    const { page } = phone
    await signUp(phone, 'xiaozhao')
    await openFromProfile(phone, 'open-account')
    await phone.see('choose-avatar').click()
    await phone.see('privacy-agree').click()
    await page.getByTestId('avatar-wechat').click()
    await phone.heard('account.setAvatar')
    const own = await avatar(phone)
    expect(own).toEqual({ src: expect.stringMatching(/\/avatars\/[0-9a-f]{32}\.jpg$/), width: 132 })

    // The photograph: 1280 pixels wide and well over 40 KB.
    const buffer = await page.screenshot()
    expect(buffer.length).toBeGreaterThan(40 * 1024)
    await letTokenExpire(phone)
    await phone.see('choose-avatar').click()
    const picker = page.waitForEvent('filechooser')
    await page.getByTestId('avatar-album').click()
    await (await picker).setFiles({ name: 'me.PNG', mimeType: 'image/png', buffer })
    await expect.poll(async () => (await avatar(phone)).src).toMatch(/\.png$/)
    // Refused for its token, and replayed once with the next one: it is a call as any other.
    expect(await phone.calls('session.refresh')).toBe(1)
    expect(await phone.calls('account.setAvatar')).toBe(3)
    expect((await avatar(phone)).width).toBeLessThanOrEqual(256)
    await screenshot(page, 'account-avatar')
    expect((await page.request.get(own.src)).status()).toBe(404)

    await page.getByTestId('clear-storage').click()
    await phone.see('home-greeting').waitFor()
    await openFromProfile(phone, 'open-account')
    expect((await avatar(phone)).src).toMatch(/\.png$/)
  })

  it('says when a file is no picture, and keeps the avatar before', async () => {
    const phone = await open('小钱')
    await signUp(phone, 'xiaoqian')
    await openFromProfile(phone, 'open-account')
    await phone.see('choose-avatar').click()
    await phone.see('privacy-agree').click()
    const picker = phone.page.waitForEvent('filechooser')
    await phone.page.getByTestId('avatar-album').click()
    const buffer = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')
    await (await picker).setFiles({ name: 'me.png', mimeType: 'image/png', buffer })
    await phone.see('avatar-error').waitFor()
    expect(await phone.see('avatar-error').textContent()).toContain('JPEG、PNG 或 WebP')
    expect(await phone.see('avatar').locator('img').count()).toBe(0)
  })

  it('takes the WeChat nickname and number, and shows both on the profile', async () => {
    const phone = await open('小孙')
    await signUp(phone, 'xiaosun')
    await openFromProfile(phone, 'open-account')
    await phone.see('field-nickname').locator('input').focus()
    await phone.see('privacy-agree').click()
    await phone.see('field-nickname').locator('input').blur()
    await phone.see('field-nickname').locator('input').focus()
    await phone.see('nickname-suggestion').click()
    await phone.see('save-nickname').click()
    await phone.heard('account.updateProfile')
    await phone.see('bind-phone').click()
    await phone.page.getByTestId('number-allow').click()
    await phone.heard('account.bindPhone')
    await expect.poll(() => phone.see('account-phone').textContent()).toMatch(/\*{4}/)
    await screenshot(phone.page, 'account')
    await phone.press('返回')
    await expect.poll(() => phone.see('profile-name').textContent()).toBe('小孙')
    expect(await phone.see('profile-phone').textContent()).toMatch(/\*{4}/)
  })

  it('changes its password, and after unbinding comes back by the new one', async () => {
    const phone = await open('小李')
    await signUp(phone, 'xiaoli')
    await openFromProfile(phone, 'open-password')
    await phone.type('field-current', 'not this one')
    await phone.type('field-next', 'battery staple')
    await phone.see('submit').click()
    await phone.see('field-current-error').waitFor()
    await screenshot(phone.page, 'password-wrong')
    await phone.type('field-current', password)
    await phone.see('submit').click()
    await phone.see('open-bindings').click()
    await phone.see('unbind').click()
    await phone.press('解除')
    await phone.see('home-sign-in').click()
    await phone.see('sign-in-wechat').click()
    await phone.type('field-account', 'xiaoli')
    await phone.type('field-password', 'battery staple')
    await phone.see('submit').click()
    await phone.see('home-greeting').waitFor()
  })
})
