import { dirname, join } from 'node:path/posix'
import { type Language, type Page, repositoryUrl } from './map.ts'
import { addressOf, exists, fileOf, pages } from './tree.ts'

/** A link of a page that leads to no file of the repository. */
export class DeadLinkError extends Error {
  override readonly name = 'DeadLinkError'
}

/** What is code, in blocks or in a line. Links are searched beside it. */
const code = /^(?:```|~~~)[\s\S]*?^(?:```|~~~)$|`[^`\n]*`/gm
const link = /(!?)\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g

const isExternal = (target: string): boolean => /^[a-z]+:/.test(target)

function pageAt(file: string): { page: Page; language: Language } | null {
  for (const page of pages)
    for (const language of ['en', 'zh'] as const)
      if ([file, `${file}/README.md`].includes(fileOf(page, language))) return { page, language }
  return null
}

/** Where a link of the file leads in the site: to a page, to a picture, or to the repository. */
function targetOf(target: string, file: string, language: Language): string {
  const [path = '', anchor] = target.split('#')
  if (path === '') return target
  const found = join(dirname(file), decodeURI(path)).replace(/\/$/, '')
  if (!exists(found)) throw new DeadLinkError(`${file}: ${target} is not there`)
  const picture = /^docs\/images\/(.+)$/.exec(found)?.[1]
  if (picture !== undefined) return `/images/${picture}`
  const hash = anchor === undefined ? '' : `#${anchor}`
  const linked = pageAt(found)
  // A folder whose README is a page is shown in the language of the page that links to it.
  if (linked !== null)
    return `${addressOf(linked.page, found.endsWith('.md') ? linked.language : language)}${hash}`
  const kind = /\.\w+$/.test(found) ? 'blob' : 'tree'
  return `${repositoryUrl}/${kind}/main/${found}${hash}`
}

/** A character of private use, which is in no page. */
const mark = '\ue000'

/** A text with its code replaced by marks, and the way back. */
function withoutCode(text: string): { text: string; restore(text: string): string } {
  const parts: string[] = []
  const marked = text.replaceAll(code, (part) => `${mark}${parts.push(part) - 1}${mark}`)
  const marks = new RegExp(`${mark}(\\d+)${mark}`, 'g')
  return {
    text: marked,
    restore: (changed) => changed.replaceAll(marks, (_, index) => parts[Number(index)] ?? ''),
  }
}

/**
 * The text of a file as a page of the site: its links lead to pages of the site where these exist, and the link to the
 * other language is left out, because each page of the site has one.
 *
 * @throws DeadLinkError
 */
export function toSitePage(file: string, text: string, language: Language): string {
  const marked = withoutCode(text)
  const changed = marked.text
    .replace(/^(?:.*[ 。.])?\[(?:中文[^\]]*|English)\]\([^)]+\)$/m, (line) =>
      line.replace(/ ?\[(?:中文[^\]]*|English)\]\([^)]+\)$/, ''),
    )
    // Vue would take it for an expression.
    .replaceAll('{{', '&#123;&#123;')
    .replaceAll(link, (whole, image, label, target) =>
      isExternal(target)
        ? whole
        : `${image}[${label}](${encodeURI(targetOf(target, file, language))})`,
    )
  return marked.restore(changed)
}

/** The relative links of a file, which lead to another file or to a heading. */
export function linksOf(text: string): string[] {
  return [...withoutCode(text).text.matchAll(link)].flatMap(([, , , target = '']) =>
    isExternal(target) ? [] : [target],
  )
}
