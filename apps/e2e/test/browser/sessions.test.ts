import { expect, it } from 'vitest'
import { screenshot } from './chrome.ts'
import { describeInBrowser, openFromProfile } from './describe-in-browser.ts'

/** Unknown openids become new users at once, so WeChat is their only way to sign in. */
const env = { SIGN_UP: 'auto' }

describeInBrowser(
  'sessions and account deletion',
  ({ open }) => {
    it('a session on another phone can be ended; that phone then signs in silently', async () => {
      const [first, second] = [await open('小周'), await open('小周')]
      await first.getByTestId('home-greeting').waitFor()
      await second.getByTestId('home-greeting').waitFor()
      await openFromProfile(first, 'open-devices')
      await first.getByTestId('end-others').waitFor()
      expect(await first.getByTestId('device').count()).toBe(2)
      await screenshot(first.page, 'devices')
      await first.getByTestId('device-end').click()
      await first.pressButton('结束')
      await first.getByTestId('only-device').waitFor()

      expect(await second.callCount('miniLogin')).toBe(1)
      await second.pressButton('我的')
      await second.getByTestId('profile-account').waitFor()
      expect(await second.callCount('miniLogin')).toBe(2)
    })

    it('the last way to sign in cannot be removed until there is another', async () => {
      const phone = await open('小吴')
      await phone.getByTestId('home-greeting').waitFor()
      await openFromProfile(phone, 'open-bindings')
      await phone.getByTestId('unbind').click()
      await phone.pressButton('解除')
      await phone.getByTestId('unbind-add-password').waitFor()
      expect(await phone.getByTestId('form-error').textContent()).toContain('唯一的登录方式')
      await screenshot(phone.page, 'last-way')
      await phone.getByTestId('unbind-add-password').click()
      await phone.fill('field-account', 'xiaowu')
      await phone.fill('field-next', 'battery staple')
      await phone.getByTestId('submit').click()
      await phone.getByTestId('unbind').click()
      await phone.pressButton('解除')
      await phone.getByTestId('home-sign-in').waitFor()
      expect(await phone.getByTestId('home-badge').textContent()).toBe('访客')
      await phone.page.getByTestId('relaunch').click()
      await phone.getByTestId('home-sign-in').waitFor()
      expect(await phone.callCount('miniLogin')).toBe(1)
    })

    it('an account is deleted after a typed word and a confirmation; a later sign-in creates a new user', async () => {
      const phone = await open('小郑')
      await phone.getByTestId('home-greeting').waitFor()
      await openFromProfile(phone, 'open-delete-account')
      await phone.getByTestId('delete-account').click()
      await phone.getByTestId('field-confirm-error').waitFor()
      await phone.fill('field-confirm', '注销')
      await phone.getByTestId('delete-account').click()
      await screenshot(phone.page, 'delete-account')
      await phone.pressButton('取消')
      expect(await phone.callCount('account.delete')).toBe(0)
      await phone.getByTestId('delete-account').click()
      await phone.pressButton('注销')
      await phone.getByTestId('home-sign-in').waitFor()
      await phone.waitForCall('account.delete')
      await phone.getByTestId('home-sign-in').click()
      await phone.getByTestId('sign-in-wechat').click()
      await phone.getByTestId('home-greeting').waitFor()
      await openFromProfile(phone, 'open-devices')
      await phone.getByTestId('only-device').waitFor()
    })
  },
  env,
)
