import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'

/**
 * Builds the package in the current folder as it is published, and packs it into `lib/package.tgz`:
 *
 * - `lib/`: ES modules with types, for bundlers and `import`.
 * - `lib/cjs/`: the same as CommonJS, for `require`. The declarations are a second copy, because TypeScript takes
 *   the format of a declaration from the nearest package.json.
 * - `lib/miniprogram/`, where package.json has the field `miniprogram`: one CommonJS file for each entry point, with
 *   everything that it imports. 构建 npm of WeChat DevTools copies this folder as it is. It would not find the
 *   packages of tRPC: it takes the file of `main` alone, and only one that ends in `.js`.
 * - `NAME/package.json` for each entry point `./NAME`: for resolvers that know no `exports` (moduleResolution `node`,
 *   webpack 4).
 */
const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
const entries = Object.keys(manifest.publishConfig.exports).filter(
  (entry) => entry !== './package.json',
)

/** Entry points for frameworks, which a native mini program does not have. */
const frameworks = ['./react', './vue']

function run(command, ...args) {
  const shell = process.platform === 'win32'
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell })
  if (status !== 0) process.exit(status ?? 1)
}

function writeJson(file, content) {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`)
}

function checkManifest() {
  for (const entry of entries) {
    const name = manifest.exports[entry]?.match(/^\.\/src\/(.+)\.ts$/)?.[1]
    const expected = {
      import: { types: `./lib/${name}.d.ts`, default: `./lib/${name}.js` },
      require: { types: `./lib/cjs/${name}.d.ts`, default: `./lib/cjs/${name}.js` },
    }
    if (JSON.stringify(manifest.publishConfig.exports[entry]) === JSON.stringify(expected)) continue
    console.error(`package.json: publishConfig.exports["${entry}"] must be`, expected)
    process.exit(1)
  }
}

/** TypeScript writes `.js` for `.ts` into scripts, not into declarations. */
function nameDeclarationsByScript(folder) {
  for (const file of readdirSync(folder, { recursive: true })) {
    if (!file.endsWith('.d.ts')) continue
    const path = join(folder, file)
    const text = readFileSync(path, 'utf8')
    writeFileSync(path, text.replaceAll(/((?:from |import\()['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'))
  }
}

/** Bundles the entry points for native mini programs. Code that two of them share is in `chunks/`. */
async function bundleForMiniprogram() {
  // From the package: the root has no rolldown.
  const { rolldown } = await import(
    pathToFileURL(join(process.cwd(), 'node_modules/rolldown/dist/index.mjs')).href
  )
  const sourceOf = (entry) => [
    entry === '.' ? 'index' : entry.slice('./'.length),
    manifest.exports[entry],
  ]
  const build = await rolldown({
    // Frameworks have builds of their own, which take the ES modules.
    input: Object.fromEntries(entries.filter((entry) => !frameworks.includes(entry)).map(sourceOf)),
    platform: 'neutral',
    transform: { target: 'es2017' },
    resolve: { conditionNames: ['import'] },
    // Without it tRPC's client adds code that is not used.
    treeshake: { moduleSideEffects: false },
    // No comments with the paths of this machine.
    experimental: { attachDebugInfo: 'none' },
  })
  const { output } = await build.write({
    dir: manifest.miniprogram,
    format: 'cjs',
    exports: 'named',
    chunkFileNames: 'chunks/[name].js',
  })
  await build.close()
  keepLicenses(output.flatMap(({ moduleIds }) => moduleIds ?? []))
}

/** The licence texts of the packages that the bundle holds parts of, as they demand. */
function keepLicenses(modules) {
  const folders = modules.flatMap((id) => id.match(/^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/) ?? [])
  for (const folder of new Set(folders)) {
    const name = folder.slice(folder.lastIndexOf('/node_modules/') + '/node_modules/'.length)
    const target = `lib/licenses/${name.replace('/', '-')}.txt`
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, `${name}\n\n${readFileSync(join(folder, 'LICENSE'), 'utf8')}`)
  }
}

/** Without `main.ts`, which is the source of a command and an ES module. */
function compileToCommonJs() {
  const config = 'lib/tsconfig.json'
  writeJson(config, {
    extends: '../tsconfig.build.json',
    compilerOptions: { module: 'commonjs', verbatimModuleSyntax: false, outDir: 'cjs' },
    include: ['../src'],
    exclude: ['../src/main.ts', '../src/**/*.test.ts'],
  })
  run('tsc', '-p', config)
  rmSync(config)
  writeJson('lib/cjs/package.json', { type: 'commonjs', sideEffects: manifest.sideEffects })
}

/** Subpaths as folders. `.gitignore` and `files` list them. */
function writeSubpaths() {
  for (const entry of entries.filter((name) => name !== '.')) {
    const { import: esm, require: cjs } = manifest.publishConfig.exports[entry]
    const above = (path) => path.replace('./', '../')
    writeJson(`${entry}/package.json`, {
      main: above(cjs.default),
      module: above(esm.default),
      types: above(cjs.types),
      sideEffects: manifest.sideEffects,
    })
  }
}

checkManifest()
rmSync('lib', { recursive: true, force: true })
run('tsc', '-p', 'tsconfig.build.json')
compileToCommonJs()
nameDeclarationsByScript('lib')
if (manifest.miniprogram) await bundleForMiniprogram()
writeSubpaths()
run('pnpm', 'pack', '--out', 'lib/package.tgz')
