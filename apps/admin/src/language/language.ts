import { useSyncExternalStore } from 'react'

export type Language = 'zh' | 'en'

/** BCP 47 tags for HTML's `lang` and for `Intl`. */
export const languageTags = { zh: 'zh-CN', en: 'en' } as const satisfies Record<Language, string>

const storageKey = 'mianmi-console:language'
const listeners = new Set<() => void>()
let current: Language = localStorage.getItem(storageKey) === 'en' ? 'en' : 'zh'

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Chinese by default; the choice is kept in localStorage. */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, () => current)
}

export function switchLanguage(): void {
  current = current === 'zh' ? 'en' : 'zh'
  localStorage.setItem(storageKey, current)
  for (const listener of listeners) listener()
}
