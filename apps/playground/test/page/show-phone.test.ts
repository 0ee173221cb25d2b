// @vitest-environment jsdom
import { beforeEach, expect, test, vi } from 'vitest'
import { showPhone } from '../../src/page/phone/show-phone.ts'
import { loadPage } from './load-page.ts'

beforeEach(loadPage)

test.each([
  ['above the window', -900, -100, 1],
  ['below the window', 900, 1700, 1],
  ['in the window', 80, 860, 0],
])('a phone %s', (_where, top, bottom, scrolls) => {
  const phone = document.querySelector('.handset') as HTMLElement
  phone.getBoundingClientRect = () => ({ top, bottom }) as DOMRect
  phone.scrollIntoView = vi.fn()
  showPhone()
  expect(phone.scrollIntoView).toHaveBeenCalledTimes(scrolls)
})
