import { expect, it, onTestFinished } from 'vitest'
import { screenshot } from './chrome.ts'
import {
  describeInBrowser,
  letTokenExpire,
  openFromProfile,
  signUp,
} from './describe-in-browser.ts'
import type { Phone } from './playground.ts'

/** The controls that Tab should reach, in page order; of a radio group only the checked one. */
const expectedTabStops = (phone: Phone): Promise<string[]> =>
  phone.page.evaluate(() => {
    const found = document.querySelectorAll<HTMLElement>(
      'header button, .guide button, .panel :is(button, input, select), .call-log :is(button, input, summary)',
    )
    return [...found]
      .filter((element) => element.checkVisibility() && !element.matches(':disabled'))
      .filter((element) => !element.matches('input[type=radio]:not(:checked)'))
      .map((element) => element.dataset['testid'] ?? element.tagName)
  })

/** The controls that Tab reaches, from the first control to the end of the page. */
async function pressTabThroughPage(phone: Phone): Promise<string[]> {
  await phone.page.getByTestId('language').focus()
  const stops = ['language']
  for (let presses = 0; presses < 100; presses += 1) {
    await phone.page.keyboard.press('Tab')
    const stop = await phone.page.evaluate(() => {
      const { activeElement: element } = document
      if (element === document.body) return null
      const isControl = element?.closest(
        'header, .guide, .panel, .call-log-head, .call-log summary',
      )
      return isControl ? ((element as HTMLElement).dataset['testid'] ?? element?.tagName) : ''
    })
    if (stop === null) break
    if (stop) stops.push(stop)
  }
  return stops
}

describeInBrowser('the WeChat control panel', ({ open }) => {
  it('a denied scope can be granted in the settings', async () => {
    const phone = await open('阿东')
    const { page } = phone
    const row = phone.getByTestId('scope.userLocation')
    await openFromProfile(phone, 'open-permissions')
    await phone.getByTestId('scope.userLocation-use').click()
    await phone.getByTestId('privacy-agree').click()
    await page.getByTestId('scope-deny').click()
    await expect.poll(() => row.getAttribute('data-state')).toBe('refused')
    expect(await page.getByTestId('permission-userLocation').inputValue()).toBe('deny')
    await screenshot(page, 'permission-refused')
    await phone.getByTestId('scope.userLocation-use').click()
    await page.getByTestId('setting-scope.userLocation').click()
    await page.getByTestId('settings-back').click()
    await expect.poll(() => row.getAttribute('data-state')).toBe('granted')
    expect(await page.getByTestId('permission-userLocation').inputValue()).toBe('allow')
    await phone.getByTestId('scope.userLocation-use').click()
    await phone.getByTestId('place').waitFor()
  })

  it('without a network the page shows that it is offline, and loads when it is back', async () => {
    const phone = await open('阿南')
    const network = phone.page.getByTestId('network')
    await signUp(phone, 'anan')
    await network.click()
    await phone.pressButton('我的')
    await phone.getByTestId('retry').waitFor()
    await screenshot(phone.page, 'network-lost')
    await network.click()
    await phone.getByTestId('profile-account').waitFor()

    await network.click()
    await phone.page.getByTestId('clear-storage').click()
    await expect.poll(() => phone.getByTestId('home-badge').textContent()).toBe('离线')
    await network.click()
    await phone.getByTestId('home-greeting').waitFor()
  })

  it('each WeChat fault has its own message', async () => {
    const phone = await open('阿西')
    const { page } = phone
    await phone.getByTestId('home-sign-in').waitFor()
    onTestFinished(() => page.getByTestId('fault-none').check())
    for (const [fault, words] of [
      ['busy', '微信服务暂时没有响应'],
      ['blocked', '存在风险'],
      ['rateLimited', '太频繁'],
    ] as const) {
      await page.getByTestId(`fault-${fault}`).check()
      await page.getByTestId('clear-storage').click()
      await expect.poll(() => phone.getByTestId('home-badge').textContent()).toBe('未登录')
      expect(await phone.getByTestId('home-text').textContent()).toContain(words)
    }
  })

  it('an expired token is refreshed once, without a visible effect', async () => {
    const phone = await open('阿北')
    await signUp(phone, 'abei')
    await letTokenExpire(phone)
    await openFromProfile(phone, 'open-devices')
    await phone.getByTestId('device-current').waitFor()
    await phone.pressButton('返回')
    await phone.getByTestId('profile-account').waitFor()
    expect(await phone.callCount('session.refresh')).toBe(1)
    expect(await phone.callCount('miniLogin')).toBe(1)
  })

  it('the background keeps the page, and a relaunch starts at the home page', async () => {
    const phone = await open('阿中')
    const { page } = phone
    await openFromProfile(phone, 'open-permissions')
    await phone.getByTestId('scope.record').waitFor()
    await page.getByTestId('background').click()
    await page.getByTestId('closed-show').waitFor()
    await screenshot(page, 'background')
    await page.getByTestId('closed-show').click()
    await phone.getByTestId('scope.record').waitFor()
    await page.getByTestId('background').click()
    await page.getByTestId('closed-relaunch').click()
    await phone.getByTestId('home-sign-in').waitFor()
  })

  it('all controls can be reached and used with the keyboard', async () => {
    const phone = await open('阿前')
    const { page } = phone
    await phone.getByTestId('home-sign-in').waitFor()
    // The line of the service's own call may arrive after the page is rendered.
    await page.locator('[data-testid=call-log-row][data-api=code2Session]').waitFor()
    const expected = await expectedTabStops(phone)
    expect(expected.length).toBeGreaterThan(20)
    expect(await pressTabThroughPage(phone)).toEqual(expected)

    await page.getByTestId('call-log-clear').press('Enter')
    await page.getByTestId('clear-storage').press('Enter')
    await phone.waitForCall('miniLogin')
    await page.getByTestId('theme-phone').press('Space')
    expect(await page.getByTestId('theme-phone').getAttribute('aria-checked')).toBe('true')
    await page.getByTestId('permission-record').press('ArrowDown')
    expect(await page.getByTestId('permission-record').inputValue()).toBe('allow')
    await page.getByTestId('person-input').fill('阿后')
    await page.getByTestId('person-input').press('Enter')
    await page.getByTestId('person-阿后').press('ArrowLeft')
    expect(await page.getByTestId('person-阿前').isChecked()).toBe(true)
    await page.getByTestId('background').press('Enter')
    await page.getByTestId('closed-show').press('Escape')
    await page.getByTestId('closed-show').waitFor({ state: 'hidden' })
  })

  it('the page fits into 360 pixels with everything expanded, in Chinese and in English', async () => {
    const phone = await open('阿左')
    const { page } = phone
    await page.setViewportSize({ width: 360, height: 800 })
    await signUp(phone, 'azuo')
    await phone.pressButton('我的')
    await phone.getByTestId('profile-account').waitFor()
    await page.getByTestId('call-log-local').click()
    for (const summary of await page.locator('.call-log summary').all()) await summary.click()
    for (const language of ['zh', 'en']) {
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      )
      expect(overflow, language).toBe(0)
      await screenshot(page, `narrow-${language}`)
      await page.getByTestId('language').click()
    }
  })
})
