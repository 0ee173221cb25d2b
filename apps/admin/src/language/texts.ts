import { type Language, useLanguage } from './language.ts'

type Texts = Record<string, string | ((...values: never[]) => string)>
type Translated<T extends Texts> = { readonly [K in keyof T]: T[K] extends string ? string : T[K] }

/** The texts of a page in both languages. A key that one language lacks is a compile error. */
export function texts<T extends Texts>(both: {
  zh: T
  en: NoInfer<Translated<T>>
}): Record<Language, Translated<T>> {
  return both as Record<Language, Translated<T>>
}

export function useText<T>(text: Record<Language, T>): T {
  return text[useLanguage()]
}
