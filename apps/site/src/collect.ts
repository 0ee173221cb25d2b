import { cpSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { homePage } from './home.ts'
import { toSitePage } from './links.ts'
import { writeLlmsTexts } from './llms.ts'
import { type Language, languages, type Page, sections } from './map.ts'
import { addressOf, decisionPages, fileOf, headingOf, pages, read, root } from './tree.ts'

const decisionsHeading = { zh: '设计决策', en: 'Decisions' }
const decisionsIntroduction = {
  zh: '每个决策一页：问题、选择、理由。',
  en: 'One page for each decision: the question, the choice, the reasons.',
}

/** The folder in which VitePress finds the pages. */
export const pagesFolder: string = join(root, 'apps/site/.pages')

function write(path: string, language: Language, text: string): void {
  const file = join(pagesFolder, language === 'en' ? 'en' : '', `${path}.md`)
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

function writePage(page: Page, language: Language): void {
  const file = fileOf(page, language)
  const text = toSitePage(file, read(file), language)
  write(page.path, language, `---\nsource: ${file}\n---\n\n${text}`)
}

function writeDecisions(language: Language): void {
  const lines = decisionPages.map(
    (page) => `- [${titleOf(page, language)}](${addressOf(page, language)})`,
  )
  const head = `# ${decisionsHeading[language]}\n\n${decisionsIntroduction[language]}\n`
  write('decisions/index', language, `${head}\n${lines.join('\n')}\n`)
}

/** Removes what an earlier start has written, but for the reference, which takes the longest. */
export function removePages(): void {
  for (const name of existsSync(pagesFolder) ? readdirSync(pagesFolder) : [])
    if (name !== 'reference') rmSync(join(pagesFolder, name), { recursive: true })
}

/** Brings the pages of the repository into `.pages/`, as VitePress wants them. The reference is written by itself. */
export function collectPages(): void {
  for (const language of languages) {
    for (const page of pages) writePage(page, language)
    writeDecisions(language)
    write('index', language, homePage(language))
  }
  cpSync(join(root, 'docs/images'), join(pagesFolder, 'public/images'), { recursive: true })
  cpSync(join(root, 'apps/admin/src/theme/logo.svg'), join(pagesFolder, 'public/logo.svg'))
  writeLlmsTexts(join(pagesFolder, 'public'))
}

/** The title of a page in the sidebar. */
export function titleOf(page: Page, language: Language): string {
  return page.title?.[language] ?? headingOf(read(fileOf(page, language)))
}

/** The sidebar of VitePress in a language, without the reference. */
export function sidebarOf(language: Language) {
  const group = (title: string, listed: readonly Page[], collapsed = false) => ({
    text: title,
    collapsed,
    items: listed.map((page) => ({
      text: titleOf(page, language),
      link: addressOf(page, language),
    })),
  })
  return [
    ...sections.map(({ title, pages: listed }) => group(title[language], listed)),
    {
      ...group(decisionsHeading[language], decisionPages, true),
      link: addressOf({ source: '', path: 'decisions/' }, language),
    },
  ]
}
