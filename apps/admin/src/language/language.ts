import { useSyncExternalStore } from 'react'

export type Language = 'zh' | 'en'

/** As HTML's `lang` and `Intl` want it. */
export const languageTags = { zh: 'zh-CN', en: 'en' } as const satisfies Record<Language, string>

const storageKey = 'mianmi-console:language'
const listeners = new Set<() => void>()
let current: Language = localStorage.getItem(storageKey) === 'en' ? 'en' : 'zh'

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Chinese, until the operator switches; this browser remembers it. */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, () => current)
}

export function switchLanguage(): void {
  current = current === 'zh' ? 'en' : 'zh'
  localStorage.setItem(storageKey, current)
  for (const listener of listeners) listener()
}
