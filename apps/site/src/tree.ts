import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Language, type Page, packagePages, sections } from './map.ts'

/** The root of the repository. */
export const root: string = fileURLToPath(new URL('../../..', import.meta.url))

/** One page for each decision, in the order of their numbers. */
export const decisionPages: readonly Page[] = readdirSync(join(root, 'docs/decisions'))
  .filter((name) => name.endsWith('.md') && !name.endsWith('.zh-CN.md'))
  .sort()
  .map((name) => ({ source: `docs/decisions/${name}`, path: `decisions/${name.slice(0, -3)}` }))

/** Every page that is made of a file of the repository. */
export const pages: readonly Page[] = [
  ...sections.flatMap((section) => section.pages),
  ...packagePages,
  ...decisionPages,
]

/** The file of a page in a language. */
export const fileOf = ({ source }: Page, language: Language): string =>
  language === 'en' ? source : source.replace(/\.md$/, '.zh-CN.md')

/** The address of a page, as VitePress wants it in links. */
export const addressOf = ({ path }: Page, language: Language): string =>
  language === 'en' ? `/en/${path}` : `/${path}`

export const read = (file: string): string => readFileSync(join(root, file), 'utf8')
export const exists = (file: string): boolean => existsSync(join(root, file))

/** The heading of a page, without marks. */
export const headingOf = (text: string): string =>
  (/^# (.+)$/m.exec(text)?.[1] ?? '').replaceAll('`', '')
