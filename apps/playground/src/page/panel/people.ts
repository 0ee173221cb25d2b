import { t } from '../text/language.ts'

/** The people that are always there. The names are how the sandbox knows them, so they are the same in every language. */
export const presetPeople = ['小明', '小红', '老王'] as const

export const isPreset = (person: string): person is (typeof presetPeople)[number] =>
  presetPeople.some((preset) => preset === person)

/** The name in the current language; what a person has entered is shown as it is. */
export const shownName = (person: string): string =>
  isPreset(person) ? t(`people.${person}`) : person
