import { useSyncExternalStore } from 'react'

export type Language = 'zh' | 'en'

/** BCP 47 tags for HTML's `lang` and for `Intl`. */
export const languageTags = { zh: 'zh-CN', en: 'en' } as const satisfies Record<Language, string>

const storageKey = 'mianmi-console:language'
const listeners = new Set<() => void>()
let current = preferredLanguage(localStorage.getItem(storageKey), navigator.languages)

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/**
 * The language that was chosen here before; otherwise the first one of the browser's list that the console has; Chinese
 * where it has none of them.
 */
export function preferredLanguage(chosen: string | null, preferred: readonly string[]): Language {
  const known = Object.keys(languageTags) as Language[]
  const tags = chosen === null ? preferred : [chosen, ...preferred]
  const languages = tags.map((tag) =>
    known.find((name) => tag.toLowerCase().split('-')[0] === name),
  )
  return languages.find((language) => language !== undefined) ?? 'zh'
}

/** The language of the console; a choice of the user is kept in localStorage. */
export function useLanguage(): Language {
  return useSyncExternalStore(subscribe, () => current)
}

export function switchLanguage(): void {
  current = current === 'zh' ? 'en' : 'zh'
  localStorage.setItem(storageKey, current)
  for (const listener of listeners) listener()
}
