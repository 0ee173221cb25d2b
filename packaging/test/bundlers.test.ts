import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createContext, runInContext } from 'node:vm'
import { build } from 'vite'
import { describe, expect, inject, it } from 'vitest'
import { type Configuration, webpack } from 'webpack'

const project = inject('project')

/** An app of a few lines, which says what it has signed in as. */
const app = `
import { createWxClient, wxLink } from '@mianmi/wx-link/client'
import { createSession } from '@mianmi/wx-session'
import { sessionLink } from '@mianmi/wx-session/trpc'
const tokens = { accessToken: 'a token' }
const exchange = async (code) => ({ status: 'signedIn', tokens, user: { id: code } })
const session = createSession({ wx, exchange })
const link = wxLink({ url: 'https://example.com/trpc', request: wx.request })
export const api = createWxClient({ links: [sessionLink(session), link] })
export const launch = async () => (await session.launch()).user.id
`

const phone = {
  login: ({ success }: { success(result: object): void }) => success({ code: 'a code' }),
  getStorage: ({ fail }: { fail(failure: object): void }) =>
    fail({ errMsg: 'getStorage:fail data not found' }),
  setStorage: ({ success }: { success(result: object): void }) => success({}),
  removeStorage: ({ success }: { success(result: object): void }) => success({}),
  request() {},
}

async function buildByVite(entry: string): Promise<string> {
  await build({
    root: project,
    logLevel: 'error',
    build: {
      outDir: 'by-vite',
      target: 'es2017',
      lib: { entry, formats: ['cjs'], fileName: () => 'app.js' },
    },
  })
  return readFileSync(join(project, 'by-vite', 'app.js'), 'utf8')
}

async function buildByWebpack(entry: string, options: Configuration = {}): Promise<string> {
  const compiler = webpack({
    ...options,
    context: project,
    entry,
    mode: 'production',
    target: ['web', 'es2017'],
    output: {
      path: join(project, 'by-webpack'),
      filename: 'app.js',
      library: { type: 'commonjs2' },
    },
  })
  const stats = await promisify(compiler.run.bind(compiler))()
  expect(stats?.toString({ all: false, errors: true, warnings: true })).toBe('')
  return readFileSync(join(project, 'by-webpack', 'app.js'), 'utf8')
}

/** webpack 4 reads no `exports`, and lets files be imported without their extension. */
const buildWithoutExports = (entry: string) =>
  buildByWebpack(entry, {
    resolve: { exportsFields: [] },
    module: { rules: [{ test: /\.m?js$/, resolve: { fullySpecified: false } }] },
  })

describe.each([
  ['Vite', buildByVite],
  ['webpack', (entry: string) => buildByWebpack(entry)],
  ['webpack without exports, as webpack 4', buildWithoutExports],
])('%s', (_, bundle) => {
  it('builds an app that signs in, from the ES modules', async () => {
    const entry = join(project, 'app.js')
    writeFileSync(entry, app)
    const code = await bundle(entry)
    const context = createContext({ wx: phone, setTimeout, clearTimeout, module: {}, exports: {} })
    const exports = runInContext(`${code}\nmodule.exports || exports`, context)
    expect(await exports.launch()).toBe('a code')
    // The whole packages would be twice as large: what is not used is left out.
    expect(code.length).toBeLessThan(24_000)
  })
})
