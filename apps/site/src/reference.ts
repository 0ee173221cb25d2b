import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { Application } from 'typedoc'
import { anchorsOf } from './anchors.ts'
import { pagesFolder } from './collect.ts'
import { type Language, packagePages, publishedPackages } from './map.ts'
import { addressOf, read, root } from './tree.ts'

/** An entry point of a published package. */
export interface EntryPoint {
  /** As it is imported: `@mianmi/wx-session/trpc`. */
  readonly id: string
  /** Its source, from the root. */
  readonly source: string
  /** Its page, from the folder of the reference. */
  readonly page: string
}

function entryPointsOf(name: string): EntryPoint[] {
  const { exports } = JSON.parse(read(`packages/${name}/package.json`)) as {
    exports: Record<string, string>
  }
  return Object.entries(exports)
    .filter(([, target]) => target.endsWith('.ts'))
    .map(([entry, target]) => ({
      id: `@mianmi/${name}${entry.slice(1)}`,
      source: `packages/${name}/${target.slice(2)}`,
      page: `${name}/${target.slice('./src/'.length, -'.ts'.length).replace(/\/index$/, '')}`,
    }))
}

/** The entry points in the order of the packages. */
export const entryPoints: readonly EntryPoint[] = publishedPackages.flatMap(entryPointsOf)

const folder = join(pagesFolder, 'reference')
const generated = join(pagesFolder, 'typedoc')

/** TypeDoc gives a page the path of its source: `wx-session/src/trpc.md`, and `wx-session/src.md` for `index.ts`. */
const placeOf = (page: string): string =>
  page.replace(/^([\w-]+)\/src\.md$/, '$1/index.md').replace(/^([\w-]+)\/src\//, '$1/')

/** Links between the generated pages, after both have moved. */
function moveLinks(text: string, page: string): string {
  const from = dirname(placeOf(page))
  return text.replaceAll(/\]\(([^()#\s:]+\.md)(#[^()\s]*)?\)/g, (_, target, anchor = '') => {
    const to = relative(from, placeOf(join(dirname(page), target)))
    return `](${to.startsWith('.') ? to : `./${to}`}${anchor})`
  })
}

/** Leaves `src/` out of the addresses; the heading is what is imported. */
function nameByEntryPoint(): void {
  const found = readdirSync(generated, { recursive: true, encoding: 'utf8' })
  for (const page of found.filter((name) => /\/src(?:\/.*)?\.md$/.test(name))) {
    const place = placeOf(page)
    const id = entryPoints.find((entry) => `${entry.page}.md` === place)?.id ?? place
    const text = moveLinks(readFileSync(join(generated, page), 'utf8'), page)
      .replace(/^# .+$/m, `# \`${id}\``)
      .replaceAll('{{', '&#123;&#123;')
      .replaceAll(/<a id="[^"]*"><\/a> ?/g, '')
    const file = join(folder, place)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  }
  rmSync(generated, { recursive: true })
}

/**
 * TypeDoc counts names that occur twice in a module, and appends the number to the anchor also where only one of them has
 * a heading. Properties are rows of tables here, which have no anchor.
 */
function mendAnchors(): void {
  const pages = entryPoints.map(({ page }) => join(folder, `${page}.md`))
  const anchors = new Map(pages.map((file) => [file, anchorsOf(readFileSync(file, 'utf8'))]))
  for (const file of pages) {
    const mended = readFileSync(file, 'utf8').replaceAll(
      /\[([^[\]]*)\]\(([^()#\s]*)#([^()\s]+)\)/g,
      (link, label, target, anchor) => {
        const known = anchors.get(target === '' ? file : join(dirname(file), target))
        if (known === undefined || known.has(anchor)) return link
        const unnumbered = anchor.replace(/-\d+$/, '')
        return known.has(unnumbered) ? `[${label}](${target}#${unnumbered})` : label
      },
    )
    writeFileSync(file, mended)
  }
}

/** Writes the reference of the published packages from the comments of their sources, unless it is there. */
export async function writeReference(): Promise<void> {
  if (!existsSync(join(folder, `${entryPoints[0]?.page}.md`))) {
    const app = await Application.bootstrapWithPlugins({
      plugin: ['typedoc-plugin-markdown'],
      tsconfig: join(root, 'apps/site/tsconfig.reference.json'),
      entryPoints: entryPoints.map(({ source }) => join(root, source)),
      basePath: join(root, 'packages'),
      displayBasePath: join(root, 'packages'),
      outputs: [{ name: 'markdown', path: generated }],
      router: 'module',
      readme: 'none',
      skipErrorChecking: true,
      excludeInternal: true,
      disableSources: true,
      hidePageHeader: true,
      hideBreadcrumbs: true,
      excludeExternals: true,
      groupOrder: ['Functions', 'Variables', '*'],
      parametersFormat: 'table',
      interfacePropertiesFormat: 'table',
      typeDeclarationFormat: 'table',
      mergeReadme: false,
      validation: false,
      logLevel: 'Error',
    } as never)
    const project = await app.convert()
    if (project === undefined) throw new Error('TypeDoc found no sources')
    await app.generateOutputs(project)
    nameByEntryPoint()
    mendAnchors()
  }
  writeIndex()
  cpSync(folder, join(pagesFolder, 'en/reference'), { recursive: true })
  writeIndex('en')
}

const heading = { zh: '参考', en: 'Reference' }
const introduction = {
  zh: '六个发布的包。README 说明怎样使用；各入口的参考由源码里的注释生成，只有英文。',
  en: 'The six published packages. Each README says how it is used; the reference of the entry points is generated from the comments of the sources.',
}

function writeIndex(language: Language = 'zh'): void {
  const base = language === 'en' ? '/en' : ''
  const parts = publishedPackages.map((name, index) => {
    const page = packagePages[index]
    const own = entryPoints.filter(({ source }) => source.startsWith(`packages/${name}/`))
    const list = own.map(({ id, page: path }) => `- [\`${id}\`](${base}/reference/${path})`)
    return `## ${name}\n\n[README](${page && addressOf(page, language)})\n\n${list.join('\n')}\n`
  })
  const target = join(pagesFolder, language === 'en' ? 'en' : '', 'reference/index.md')
  writeFileSync(
    target,
    `# ${heading[language]}\n\n${introduction[language]}\n\n${parts.join('\n')}`,
  )
}

/** The part of the sidebar that has the packages and their entry points. */
export function referenceSidebar(language: Language) {
  const base = language === 'en' ? '/en' : ''
  return {
    text: heading[language],
    link: `${base}/reference/`,
    items: publishedPackages.map((name, index) => ({
      text: name,
      link: packagePages[index] && addressOf(packagePages[index], language),
      collapsed: true,
      items: entryPoints
        .filter(({ source }) => source.startsWith(`packages/${name}/`))
        .map(({ id, page }) => ({
          text: id.replace('@mianmi/', ''),
          link: `${base}/reference/${page}`,
        })),
    })),
  }
}
