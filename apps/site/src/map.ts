/** The languages of the site. Chinese is at `/`, English at `/en/`. */
export const languages = ['zh', 'en'] as const
export type Language = (typeof languages)[number]
export type Text = Readonly<Record<Language, string>>

export interface Page {
  /** The English page in the repository; the Chinese one is beside it, as `.zh-CN.md`. */
  readonly source: string
  /** Its address in the site, without the language and the extension. */
  readonly path: string
  /** In the sidebar; default: the heading of the page. */
  readonly title?: Text
}

export interface Section {
  readonly title: Text
  readonly pages: readonly Page[]
}

const doc = (name: string, zh?: string, en?: string): Page => ({
  source: `docs/${name}.md`,
  path: name,
  ...(zh !== undefined && en !== undefined && { title: { zh, en } }),
})

/** The README of a folder. */
const readme = (folder: string): Page => ({
  source: `${folder}/README.md`,
  path: folder,
  title: { zh: folder.split('/')[1] ?? folder, en: folder.split('/')[1] ?? folder },
})

const example = (name: string, title: Text): Page => ({ ...readme(`examples/${name}`), title })

/** Every page of the site, in the order of the sidebar. A page under `docs/` that is not here fails a test. */
export const sections: readonly Section[] = [
  {
    title: { zh: '开始', en: 'Start' },
    pages: [
      doc('start'),
      doc('create'),
      {
        source: 'README.md',
        path: 'overview',
        title: { zh: '概览与设置', en: 'Overview and settings' },
      },
      doc('how-it-works'),
      doc('session-protocol'),
    ],
  },
  {
    title: { zh: '你的小程序', en: 'Your mini program' },
    pages: [
      doc('your-mini-program'),
      doc('taro-and-uni-app', 'Taro 和 uni-app', 'Taro and uni-app'),
      doc('install-from-tarballs'),
      doc('errors', '错误', 'Errors'),
      doc('make-it-your-own'),
      doc('upload-to-wechat'),
      example('native', { zh: '示例：原生', en: 'Example: native' }),
      example('taro', { zh: '示例：Taro', en: 'Example: Taro' }),
      example('uni-app', { zh: '示例：uni-app', en: 'Example: uni-app' }),
      example('trpc', { zh: '示例：原生加 tRPC', en: 'Example: native with tRPC' }),
    ],
  },
  {
    title: { zh: '与自己的后端并存', en: 'Beside your own backend' },
    pages: [
      doc('beside-your-backend', '从 users 表到静默登录', 'From a users table to silent sign-in'),
      doc('other-services'),
      doc('webhooks'),
      doc('import'),
      doc('plain-http'),
      example('backends', { zh: '示例：各种语言的后端', en: 'Example: backends' }),
    ],
  },
  {
    title: { zh: '运行', en: 'Run it' },
    pages: [doc('run'), doc('many-nodes'), doc('engines'), doc('runbook'), doc('console')],
  },
  {
    title: { zh: '安全与隐私', en: 'Security and privacy' },
    pages: [
      { source: 'SECURITY.md', path: 'security' },
      doc('privacy'),
      doc('threat-model'),
      doc('asvs'),
    ],
  },
  {
    title: { zh: '修改代码', en: 'Change the code' },
    pages: [
      doc('add-a-procedure'),
      { source: 'CONTRIBUTING.md', path: 'contributing' },
      doc('release'),
      { source: 'packages/core/README.md', path: 'packages/core' },
      { source: 'packages/contracts/README.md', path: 'packages/contracts' },
      { source: 'apps/api/README.md', path: 'apps/api' },
      doc('benchmarks'),
      { source: 'apps/simulation/README.md', path: 'apps/simulation' },
    ],
  },
]

/** The packages that are published, whose entry points are in the generated reference. */
export const publishedPackages = [
  'wx-session',
  'wx-link',
  'wechat',
  'trpc-fastify',
  'wechat-sandbox',
  'simulator',
] as const

export const packagePages: readonly Page[] = publishedPackages.map((name) =>
  readme(`packages/${name}`),
)

/** Where the repository is read and edited. */
export const repositoryUrl = 'https://github.com/mianmi/mianmi'
