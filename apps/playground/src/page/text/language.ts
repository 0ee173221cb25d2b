import { en } from './dictionary-en.ts'
import { type TextKey, zh } from './dictionary-zh.ts'

export type { TextKey } from './dictionary-zh.ts'

const dictionaries = { zh, en }
const tags = { zh: 'zh-CN', en: 'en' }
const storageKey = 'playground:language'

type Language = keyof typeof dictionaries

/** The language chosen here before, or the first one of the browser that there is. */
function firstLanguage(): Language {
  const stored = localStorage.getItem(storageKey)
  if (stored === 'zh' || stored === 'en') return stored
  const known = navigator.languages.map((tag) => tag.split('-')[0])
  return known.find((language) => language === 'zh' || language === 'en') === 'zh' ? 'zh' : 'en'
}

let current: Language = firstLanguage()
const listeners = new Set<() => void>()

/** The text for `key` in the current language, with `{name}` replaced by values. */
export function t(key: TextKey, values: Record<string, string | number> = {}): string {
  return dictionaries[current][key].replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''))
}

/** The tag of the current language, for `Intl`. */
export const languageTag = (): string => tags[current]

/** Calls `listener` now and after each change of language. */
export function onLanguage(listener: () => void): void {
  listeners.add(listener)
  listener()
}

/** Sets the text of every element with `data-t`, `data-t-label` or `data-t-placeholder`. */
export function translate(root: ParentNode): void {
  for (const element of root.querySelectorAll<HTMLElement>('[data-t]')) {
    element.textContent = t(element.dataset['t'] as TextKey)
  }
  for (const element of root.querySelectorAll<HTMLElement>('[data-t-label]')) {
    element.setAttribute('aria-label', t(element.dataset['tLabel'] as TextKey))
  }
  for (const element of root.querySelectorAll<HTMLInputElement>('[data-t-placeholder]')) {
    element.placeholder = t(element.dataset['tPlaceholder'] as TextKey)
  }
}

export function setUpLanguage(button: HTMLButtonElement): void {
  button.addEventListener('click', () => {
    current = current === 'zh' ? 'en' : 'zh'
    localStorage.setItem(storageKey, current)
    for (const listener of listeners) listener()
  })
  onLanguage(() => {
    document.documentElement.lang = tags[current]
    button.textContent = current === 'zh' ? 'English' : '中文'
    button.lang = current === 'zh' ? 'en' : 'zh-CN'
    translate(document)
  })
}
