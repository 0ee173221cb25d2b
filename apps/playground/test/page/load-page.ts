import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { vi } from 'vitest'

/** Loads the body of index.html into the jsdom of the test, with fresh modules and empty storage, in a Chinese browser. */
export async function loadPage(): Promise<void> {
  setBrowserLanguages('zh-CN')
  // jsdom has no layout.
  Element.prototype.scrollIntoView = () => {}
  vi.resetModules()
  localStorage.clear()
  const html = await readFile(join(import.meta.dirname, '../../src/page/index.html'), 'utf8')
  const { body } = new DOMParser().parseFromString(html, 'text/html')
  document.body.replaceChildren(...body.childNodes)
}

/** The languages of the browser, in the order of its user. */
export function setBrowserLanguages(...languages: string[]): void {
  Object.defineProperty(navigator, 'languages', { value: languages, configurable: true })
}

export function byTestId<E extends HTMLElement = HTMLElement>(testId: string): E {
  const found = document.querySelector<E>(`[data-testid="${testId}"]`)
  if (!found) throw new Error(`no element has the test id ${testId}`)
  return found
}

/** The text of an element, or of each element that matches. */
export const textsOf = (selector: string): string[] =>
  [...document.querySelectorAll(selector)].map((element) => element.textContent ?? '')
