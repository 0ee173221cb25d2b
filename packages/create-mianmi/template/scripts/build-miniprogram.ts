import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'

const source = 'miniprogram'
export const output = 'dist/miniprogram'

/** The scripts that WeChat loads: the app, and each page of app.json. */
function entries(): Record<string, string> {
  const app: { pages: string[] } = JSON.parse(readFileSync(join(source, 'app.json'), 'utf8'))
  return Object.fromEntries(['app', ...app.pages].map((name) => [name, join(source, `${name}.ts`)]))
}

/**
 * Bundles miniprogram/ into dist/miniprogram, which WeChat DevTools open: no 构建 npm is needed.
 *
 * @param addresses where mianmi and service/ answer; by default SIGN_IN_URL and API_URL of the environment, or those of
 * `npm start`
 */
export async function buildMiniprogram(
  addresses: { signInUrl?: string; apiUrl?: string } = {},
): Promise<void> {
  const { SIGN_IN_URL = 'http://127.0.0.1:3000', API_URL = 'http://127.0.0.1:3200' } = process.env
  const { signInUrl = SIGN_IN_URL, apiUrl = API_URL } = addresses
  rmSync(output, { recursive: true, force: true })
  const build = await rolldown({
    input: entries(),
    platform: 'browser',
    treeshake: { moduleSideEffects: (id) => id.includes(`/${source}/`) },
    transform: {
      target: 'es2017',
      define: { SIGN_IN_URL: JSON.stringify(signInUrl), API_URL: JSON.stringify(apiUrl) },
    },
  })
  await build.write({
    dir: output,
    format: 'cjs',
    chunkFileNames: 'chunks/[name].js',
    minify: true,
  })
  await build.close()
  for (const file of readdirSync(source, { recursive: true, encoding: 'utf8' }))
    if (/\.(json|wxml|wxss|wxs|png|jpg|svg)$/.test(file))
      cpSync(join(source, file), join(output, file))
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await buildMiniprogram()
  console.log(`${output}: open this project in WeChat DevTools`)
}
