import { expect, it } from 'vitest'
import { screenshot } from './chrome.ts'
import { describeInBrowser, openFromProfile } from './visit.ts'

/** A service that takes in whoever comes: the way to have no other key than WeChat. */
const env = { SIGN_UP: 'auto' }

describeInBrowser(
  'sessions and the end of an account',
  ({ open }) => {
    it('of another phone can be ended; that phone is signed in again without a word', async () => {
      const [first, second] = [await open('小周'), await open('小周')]
      await first.see('home-greeting').waitFor()
      await second.see('home-greeting').waitFor()
      await openFromProfile(first, 'open-devices')
      await first.see('end-others').waitFor()
      expect(await first.see('device').count()).toBe(2)
      await screenshot(first.page, 'devices')
      await first.see('device-end').click()
      await first.press('结束')
      await first.see('only-device').waitFor()

      expect(await second.calls('miniLogin')).toBe(1)
      await second.press('我的')
      await second.see('profile-account').waitFor()
      expect(await second.calls('miniLogin')).toBe(2)
    })

    it('the last way to sign in stays until there is another', async () => {
      const phone = await open('小吴')
      await phone.see('home-greeting').waitFor()
      await openFromProfile(phone, 'open-bindings')
      await phone.see('unbind').click()
      await phone.press('解除')
      await phone.see('unbind-add-phone').waitFor()
      expect(await phone.see('form-error').textContent()).toContain('唯一的登录方式')
      await screenshot(phone.page, 'last-way')
      await phone.see('unbind-add-phone').click()
      await phone.see('bind-phone').click()
      await phone.page.getByTestId('number-allow').click()
      await expect.poll(() => phone.see('account-phone').textContent()).toMatch(/\*{4}/)
      await phone.press('返回')
      await phone.see('unbind').click()
      await phone.press('解除')
      await phone.see('home-sign-in').waitFor()
      expect(await phone.see('home-badge').textContent()).toBe('访客')
      await phone.page.getByTestId('relaunch').click()
      await phone.see('home-sign-in').waitFor()
      expect(await phone.calls('miniLogin')).toBe(1)
    })

    it('an account is deleted by a word and a yes, and whoever comes again is somebody new', async () => {
      const phone = await open('小郑')
      await phone.see('home-greeting').waitFor()
      await openFromProfile(phone, 'open-delete-account')
      await phone.see('delete-account').click()
      await phone.see('field-confirm-error').waitFor()
      await phone.type('field-confirm', '注销')
      await phone.see('delete-account').click()
      await screenshot(phone.page, 'delete-account')
      await phone.press('取消')
      expect(await phone.calls('account.delete')).toBe(0)
      await phone.see('delete-account').click()
      await phone.press('注销')
      await phone.see('home-sign-in').waitFor()
      await phone.heard('account.delete')
      await phone.see('home-sign-in').click()
      await phone.see('sign-in-wechat').click()
      await phone.see('home-greeting').waitFor()
      await openFromProfile(phone, 'open-devices')
      await phone.see('only-device').waitFor()
    })
  },
  env,
)
