import { expect, it } from 'vitest'
import { screenshot } from './chrome.ts'
import {
  describeInBrowser,
  letTokenExpire,
  openFromProfile,
  password,
  signUp,
} from './describe-in-browser.ts'
import type { Phone } from './playground.ts'

/** The source and the width of the avatar on the top page, after it is decoded. */
const avatar = async (phone: Phone) => {
  const picture = phone.getByTestId('avatar').locator('img')
  await picture.waitFor()
  return picture.evaluate(async (image: HTMLImageElement) => {
    await image.decode()
    return { src: image.src, width: image.naturalWidth }
  })
}

describeInBrowser('the account', ({ open }) => {
  it('an avatar is taken from WeChat, or from a photograph that is scaled down', async () => {
    const phone = await open('小赵')
    const { page } = phone
    await signUp(phone, 'xiaozhao')
    await openFromProfile(phone, 'open-account')
    await phone.getByTestId('choose-avatar').click()
    await phone.getByTestId('privacy-agree').click()
    await page.getByTestId('avatar-wechat').click()
    await phone.waitForCall('account.setAvatar')
    const wechatAvatar = await avatar(phone)
    expect(wechatAvatar).toEqual({
      src: expect.stringMatching(/\/avatars\/[0-9a-f]{32}\.jpg$/),
      width: 132,
    })

    // The photograph is 1280 pixels wide and larger than 40 KB.
    const buffer = await page.screenshot()
    expect(buffer.length).toBeGreaterThan(40 * 1024)
    await letTokenExpire(phone)
    await phone.getByTestId('choose-avatar').click()
    const picker = page.waitForEvent('filechooser')
    await page.getByTestId('avatar-album').click()
    await (await picker).setFiles({ name: 'me.PNG', mimeType: 'image/png', buffer })
    await expect.poll(async () => (await avatar(phone)).src).toMatch(/\.png$/)
    // The first upload after the expiry is refused, and repeated once with the new token.
    expect(await phone.callCount('session.refresh')).toBe(1)
    expect(await phone.callCount('account.setAvatar')).toBe(3)
    expect((await avatar(phone)).width).toBeLessThanOrEqual(256)
    await screenshot(page, 'account-avatar')
    expect((await page.request.get(wechatAvatar.src)).status()).toBe(404)

    await page.getByTestId('clear-storage').click()
    await phone.getByTestId('home-greeting').waitFor()
    await openFromProfile(phone, 'open-account')
    expect((await avatar(phone)).src).toMatch(/\.png$/)
  })

  it('a file that is no picture is refused, and the avatar stays', async () => {
    const phone = await open('小钱')
    await signUp(phone, 'xiaoqian')
    await openFromProfile(phone, 'open-account')
    await phone.getByTestId('choose-avatar').click()
    await phone.getByTestId('privacy-agree').click()
    const picker = phone.page.waitForEvent('filechooser')
    await phone.page.getByTestId('avatar-album').click()
    const buffer = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')
    await (await picker).setFiles({ name: 'me.png', mimeType: 'image/png', buffer })
    await phone.getByTestId('avatar-error').waitFor()
    expect(await phone.getByTestId('avatar-error').textContent()).toContain('JPEG、PNG 或 WebP')
    expect(await phone.getByTestId('avatar').locator('img').count()).toBe(0)
  })

  it('the WeChat nickname and phone number are saved and shown on the profile', async () => {
    const phone = await open('小孙')
    await signUp(phone, 'xiaosun')
    await openFromProfile(phone, 'open-account')
    await phone.getByTestId('field-nickname').locator('input').focus()
    await phone.getByTestId('privacy-agree').click()
    await phone.getByTestId('field-nickname').locator('input').blur()
    await phone.getByTestId('field-nickname').locator('input').focus()
    await phone.getByTestId('nickname-suggestion').click()
    await phone.getByTestId('save-nickname').click()
    await phone.waitForCall('account.updateProfile')
    await phone.getByTestId('bind-phone').click()
    await phone.page.getByTestId('number-allow').click()
    await phone.waitForCall('account.bindPhone')
    await expect.poll(() => phone.getByTestId('account-phone').textContent()).toMatch(/\*{4}/)
    await screenshot(phone.page, 'account')
    await phone.pressButton('返回')
    await expect.poll(() => phone.getByTestId('profile-name').textContent()).toBe('小孙')
    expect(await phone.getByTestId('profile-phone').textContent()).toMatch(/\*{4}/)
  })

  it('after a password change and unbinding, the new password signs in', async () => {
    const phone = await open('小李')
    await signUp(phone, 'xiaoli')
    await openFromProfile(phone, 'open-password')
    await phone.fill('field-current', 'not this one')
    await phone.fill('field-next', 'battery staple')
    await phone.getByTestId('submit').click()
    await phone.getByTestId('field-current-error').waitFor()
    await screenshot(phone.page, 'password-wrong')
    await phone.fill('field-current', password)
    await phone.getByTestId('submit').click()
    await phone.getByTestId('open-bindings').click()
    await phone.getByTestId('unbind').click()
    await phone.pressButton('解除')
    await phone.getByTestId('home-sign-in').click()
    await phone.getByTestId('sign-in-wechat').click()
    await phone.fill('field-account', 'xiaoli')
    await phone.fill('field-password', 'battery staple')
    await phone.getByTestId('submit').click()
    await phone.getByTestId('home-greeting').waitFor()
  })
})
