import { expect, it, onTestFinished } from 'vitest'
import { screenshot } from './chrome.ts'
import type { Phone } from './playground.ts'
import { describeInBrowser, letTokenExpire, openFromProfile, signUp } from './visit.ts'

/** What a keyboard should reach, in the order of the page: of each group of radio buttons the chosen one. */
const controls = (phone: Phone): Promise<string[]> =>
  phone.page.evaluate(() => {
    const found = document.querySelectorAll<HTMLElement>(
      'header button, .panel :is(button, input, select), .call-log :is(button, summary)',
    )
    return [...found]
      .filter((element) => element.checkVisibility() && !element.matches(':disabled'))
      .filter((element) => !element.matches('input[type=radio]:not(:checked)'))
      .map((element) => element.dataset['testid'] ?? element.tagName)
  })

/** Where the focus goes with Tab, from the first control to the end of the page. */
async function tabStops(phone: Phone): Promise<string[]> {
  await phone.page.getByTestId('language').focus()
  const stops = ['language']
  for (let presses = 0; presses < 100; presses += 1) {
    await phone.page.keyboard.press('Tab')
    const stop = await phone.page.evaluate(() => {
      const { activeElement: element } = document
      if (element === document.body) return null
      const isOurs = element?.closest('header, .panel, .call-log-head, .call-log summary')
      return isOurs ? ((element as HTMLElement).dataset['testid'] ?? element?.tagName) : ''
    })
    if (stop === null) break
    if (stop) stops.push(stop)
  }
  return stops
}

describeInBrowser('the panel that plays WeChat', ({ open }) => {
  it('a scope that was refused comes back through the settings', async () => {
    const phone = await open('阿东')
    const { page } = phone
    const row = phone.see('scope.userLocation')
    await openFromProfile(phone, 'open-permissions')
    await phone.see('scope.userLocation-use').click()
    await phone.see('privacy-agree').click()
    await page.getByTestId('scope-deny').click()
    await expect.poll(() => row.getAttribute('data-state')).toBe('refused')
    expect(await page.getByTestId('permission-userLocation').inputValue()).toBe('deny')
    await screenshot(page, 'permission-refused')
    await phone.see('scope.userLocation-use').click()
    await page.getByTestId('setting-scope.userLocation').click()
    await page.getByTestId('settings-back').click()
    await expect.poll(() => row.getAttribute('data-state')).toBe('granted')
    expect(await page.getByTestId('permission-userLocation').inputValue()).toBe('allow')
    await phone.see('scope.userLocation-use').click()
    await phone.see('place').waitFor()
  })

  it('without a network a launch is offline and a page says so; one tap goes on', async () => {
    const phone = await open('阿南')
    const network = phone.page.getByTestId('network')
    await signUp(phone, 'anan')
    await network.click()
    await phone.press('我的')
    await phone.see('retry').waitFor()
    await screenshot(phone.page, 'network-lost')
    await network.click()
    await phone.see('retry').click()
    await phone.see('profile-account').waitFor()

    await network.click()
    await phone.page.getByTestId('clear-storage').click()
    await expect.poll(() => phone.see('home-badge').textContent()).toBe('离线')
    await network.click()
    await phone.see('retry').click()
    await phone.see('home-greeting').waitFor()
  })

  it('WeChat out of order is said in words, each in its own', async () => {
    const phone = await open('阿西')
    const { page } = phone
    await phone.see('home-sign-in').waitFor()
    onTestFinished(() => page.getByTestId('fault-none').check())
    for (const [fault, words] of [
      ['busy', '微信服务暂时没有响应'],
      ['blocked', '存在风险'],
      ['rateLimited', '太频繁'],
    ] as const) {
      await page.getByTestId(`fault-${fault}`).check()
      await page.getByTestId('clear-storage').click()
      await expect.poll(() => phone.see('home-badge').textContent()).toBe('离线')
      expect(await phone.see('home-text').textContent()).toContain(words)
    }
  })

  it('an expired token is renewed once, and nobody notices', async () => {
    const phone = await open('阿北')
    await signUp(phone, 'abei')
    await letTokenExpire(phone)
    await openFromProfile(phone, 'open-devices')
    await phone.see('device-current').waitFor()
    await phone.press('返回')
    await phone.see('profile-account').waitFor()
    expect(await phone.calls('session.refresh')).toBe(1)
    expect(await phone.calls('miniLogin')).toBe(1)
  })

  it('the background keeps the page, and a launch from there begins at home', async () => {
    const phone = await open('阿中')
    const { page } = phone
    await openFromProfile(phone, 'open-permissions')
    await phone.see('scope.record').waitFor()
    await page.getByTestId('background').click()
    await page.getByTestId('closed-show').waitFor()
    await screenshot(page, 'background')
    await page.getByTestId('closed-show').click()
    await phone.see('scope.record').waitFor()
    await page.getByTestId('background').click()
    await page.getByTestId('closed-relaunch').click()
    await phone.see('home-sign-in').waitFor()
  })

  it('is reached and worked by the keyboard alone', async () => {
    const phone = await open('阿前')
    const { page } = phone
    await phone.see('home-sign-in').waitFor()
    // The line from the service's side may come after the page is drawn.
    await page.locator('[data-testid=call-log-row][data-api=code2Session]').waitFor()
    const expected = await controls(phone)
    expect(expected.length).toBeGreaterThan(20)
    expect(await tabStops(phone)).toEqual(expected)

    await page.getByTestId('call-log-clear').press('Enter')
    await page.getByTestId('clear-storage').press('Enter')
    await phone.heard('miniLogin')
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

  it('fits 360 pixels with everything open, in Chinese and in English', async () => {
    const phone = await open('阿左')
    const { page } = phone
    await page.setViewportSize({ width: 360, height: 800 })
    await signUp(phone, 'azuo')
    await phone.press('我的')
    await phone.see('profile-account').waitFor()
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
