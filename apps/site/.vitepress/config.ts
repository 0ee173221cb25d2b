import { join } from 'node:path'
import process from 'node:process'
import { slug } from 'github-slugger'
import { type DefaultTheme, defineConfig, type LocaleSpecificConfig } from 'vitepress'
import { collectPages, removePages, sidebarOf } from '../src/collect.ts'
import { languages, repositoryUrl } from '../src/map.ts'
import { referenceSidebar, writeReference } from '../src/reference.ts'
import { fileOf, pages, root } from '../src/tree.ts'
import { words } from '../src/words.ts'

removePages()
collectPages()
await writeReference()

/** Where the site is not at the root of its host: DOCS_BASE=/mianmi/ */
const base = process.env['DOCS_BASE'] ?? '/'
const isDevelopment = process.argv.includes('dev')

function locale(language: 'zh' | 'en'): LocaleSpecificConfig<DefaultTheme.Config> {
  const { nav, ...labels } = words[language]
  return {
    lang: language === 'zh' ? 'zh-CN' : 'en',
    description: words[language].description,
    themeConfig: {
      ...labels,
      nav: nav.map(([text, link]) => ({ text, link })),
      sidebar: [...sidebarOf(language), referenceSidebar(language)] as DefaultTheme.SidebarItem[],
      editLink: {
        pattern: ({ frontmatter }) =>
          frontmatter['source']
            ? `https://github.com/mianmi/mianmi/edit/main/${frontmatter['source']}`
            : 'https://github.com/mianmi/mianmi',
        text: labels.edit,
      },
    },
  }
}

export default defineConfig({
  title: '免密 mianmi',
  base,
  head: [['link', { rel: 'icon', href: `${base}logo.svg`, type: 'image/svg+xml' }]],
  srcDir: '.pages',
  outDir: 'dist',
  cacheDir: '.vitepress/cache',
  locales: {
    root: { label: '简体中文', ...locale('zh') },
    en: { label: 'English', ...locale('en') },
  },
  markdown: {
    // The anchors of GitHub, so that a link works in both.
    anchor: { slugify: (text: string) => slug(text) },
    html: false,
  },
  themeConfig: {
    socialLinks: [{ icon: 'github', link: repositoryUrl }],
    search: {
      provider: 'local',
      options: {
        locales: { root: { translations: words.zh.searchTexts } },
        miniSearch: {
          options: {
            // Chinese has no spaces between words.
            tokenize: (text) =>
              Array.from(new Intl.Segmenter('zh', { granularity: 'word' }).segment(text))
                .filter(({ isWordLike }) => isWordLike)
                .map(({ segment }) => segment.toLowerCase()),
          },
        },
      },
    },
  },
  vite: {
    // The index of the search has every page.
    build: { chunkSizeWarningLimit: 4_000 },
    plugins: [
      {
        name: 'mianmi:pages',
        configureServer(server) {
          if (!isDevelopment) return
          const sources = pages.flatMap((page) =>
            languages.map((language) => join(root, fileOf(page, language))),
          )
          // The folder, because an editor that replaces a file ends the watch of the file itself.
          server.watcher.add([join(root, 'docs'), ...sources])
          server.watcher.on('all', (_, file) => {
            if (sources.includes(file)) collectPages()
          })
        },
      },
    ],
  },
})
