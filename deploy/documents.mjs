import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'

/**
 * Copies what an administrator needs besides the program into the folder of a packed service: pages, examples,
 * CHANGELOG. `node deploy/documents.mjs FOLDER`
 */
const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [folder] = process.argv.slice(2)
if (folder === undefined) {
  console.error('usage: node deploy/documents.mjs FOLDER')
  process.exit(1)
}

/** What an administrator of the packed service reads, beside README and CHANGELOG. */
const pages = [
  'run',
  'many-nodes',
  'runbook',
  'console',
  'other-services',
  'webhooks',
  'plain-http',
  'import',
  'errors',
  'engines',
  'privacy',
  'session-protocol',
]

/** Copied as they are. */
const files = [
  'deploy/mianmi.service',
  'deploy/nginx.conf',
  'deploy/haproxy.cfg',
  'deploy/Caddyfile',
  'deploy/prometheus',
  'deploy/grafana',
  'docs/images/session-protocol.svg',
  'docs/images/console-overview.png',
  'docs/images/console-person.png',
]

/** In folders of `files`. */
const linkedFiles = [
  'deploy/prometheus/rules.yaml',
  'deploy/prometheus/scrape.yaml',
  'deploy/grafana/dashboard.json',
]

const languages = [
  { suffix: '.md', section: '## Run the service', first: '[docs/run.md]' },
  { suffix: '.zh-CN.md', section: '## 运行服务', first: '生产环境的逐步安装' },
]

const read = (file) => readFileSync(join(root, file), 'utf8')

/** Texts of the repository by their place there, with the place that each has in the folder. */
function* documents() {
  for (const { suffix, section, first } of languages) {
    const name = `README${suffix}`
    // The lines between tell how a clone is built.
    const text = read(name)
    const [start, end] = [text.indexOf(first, text.indexOf(section)), text.lastIndexOf('\n## ')]
    const settings = `${section}\n\n${text.slice(start, end)}\n`
    yield { from: name, to: name, text: `${read(`deploy/packed/README${suffix}`)}\n${settings}` }
    for (const page of pages) {
      const file = `docs/${page}${suffix}`
      yield { from: file, to: file, text: read(file) }
    }
  }
  yield { from: 'apps/api/CHANGELOG.md', to: 'CHANGELOG.md', text: read('apps/api/CHANGELOG.md') }
}

/** Commands as they are called in the folder, which has no package manager and no `apps`. */
const withCommandsOfFolder = (text, scripts) =>
  text
    .replaceAll('apps/api/dist/', 'dist/')
    .replaceAll(/npm run (admin:[\w-]+|backup|restore)( --(?= ))?/g, (_, name) =>
      scripts[name].replace('node scripts/run.mjs ', '').replace('apps/api/', ''),
    )

/** Links to what the folder has lead there; the others lead to the repository. */
const withLinksOfFolder = (text, { from, to }, { places, repository }) =>
  text.replaceAll(/\]\((?![a-z]+:|#)([^)\s#]+)(#[^)\s]*)?\)/g, (_, target, anchor = '') => {
    const file = posix.join(posix.dirname(from), target)
    const place = places.get(file)
    if (place === undefined) return `](${repository}/blob/main/${file}${anchor})`
    return `](${posix.relative(posix.dirname(to), place)}${anchor})`
  })

const { scripts } = JSON.parse(read('package.json'))
const { homepage } = JSON.parse(read('packages/wechat/package.json'))
const repository = homepage.replace(/\/tree.*/, '')
for (const file of files) cpSync(join(root, file), join(folder, file), { recursive: true })
const texts = [...documents()]
const copied = ['LICENSE', 'deploy', ...files, ...linkedFiles]
const places = new Map([
  ...copied.map((file) => [file, file]),
  ...texts.map(({ from, to }) => [from, to]),
])
for (const { from, to, text } of texts) {
  mkdirSync(dirname(join(folder, to)), { recursive: true })
  const linked = withLinksOfFolder(text, { from, to }, { places, repository })
  writeFileSync(join(folder, to), withCommandsOfFolder(linked, scripts))
}
