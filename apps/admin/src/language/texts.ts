import { type Language, useLanguage } from './language.ts'

type Texts = Record<string, string | ((...values: never[]) => string)>
type Translated<T extends Texts> = { readonly [K in keyof T]: T[K] extends string ? string : T[K] }

/** What a page says, in both languages; it does not compile where one says something that the other does not. */
export function texts<T extends Texts>(both: {
  zh: T
  en: NoInfer<Translated<T>>
}): Record<Language, Translated<T>> {
  return both as Record<Language, Translated<T>>
}

export function useText<T>(text: Record<Language, T>): T {
  return text[useLanguage()]
}
