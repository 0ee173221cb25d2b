import { cpSync, existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig, type RolldownOptions } from 'rolldown'
import { listBundledPackages } from './bundled-packages.ts'
import { refuseOldNode } from './refuse-old-node.ts'

/**
 * A file for each process, and beside it what it loads when first needed, such as the store on PostgreSQL. All of them are
 * in one folder, because code finds the files of its threads and the migrations by its own place, and the bundler may move
 * it from one file to another.
 * Native code stays outside, and what starts threads from files of its own. `pg` runs without the optional `pg-native`.
 */
const bundle = (input: string, file: string): RolldownOptions => ({
  input,
  platform: 'node',
  external: ['better-sqlite3', '@node-rs/argon2', 'piscina', 'pg-native'],
  plugins,
  output: {
    dir: 'dist',
    entryFileNames: file,
    chunkFileNames: ({ name }) => (name === 'main' ? 'service.js' : file.replace('.', '-[name].')),
    format: 'esm',
    minify: { compress: true, mangle: false, codegen: true },
  },
})

type Plugin = NonNullable<RolldownOptions['plugins']>

const rewrite = (name: string, change: (code: string) => string): Plugin => ({
  name,
  generateBundle(_options, output) {
    for (const chunk of Object.values(output))
      if (chunk.type === 'chunk') chunk.code = change(chunk.code)
  },
})

/** One letter beyond Latin-1 and V8 keeps the whole source at two bytes a letter, 5 MB for the service. */
const ascii = rewrite('ascii', (code) => {
  const escaped = (letter: string) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`
  return code.replace(/[^\0-\x7f]/g, escaped)
})

/**
 * A CommonJS module is a function that is called once, at the start. V8 compiles a function in parentheses at once
 * and knows no arrow by that sign (v8.dev/blog/preparser, "PIFEs"): each of these it would read twice.
 */
const eager = rewrite('eager', (code) =>
  code.replace(/(?<=__(?:commonJS|esm)Min\(\()\(?([\w$, ]*)\)? ?=> ?\{/g, 'function($1){'),
)

/**
 * An `import` of a module of Node reads each of its exports once (lib/internal/bootstrap/realm.js, `syncExports`), and
 * some are getters that load further parts of Node: `WebSocket` of `node:http` loads Node's copy of undici, which took
 * a tenth of a start. `process.getBuiltinModule` reads none.
 */
const builtins = rewrite('builtins', (code) =>
  code.replace(
    /\bimport ?(?:\* ?as )?([\w$]+)?,?(?: ?\{([^}]*)\})? ?from ?"(node:[\w/]+)"/g,
    (_statement, whole?: string, names?: string, id?: string) => {
      const picked = names === undefined ? undefined : `{${names.replaceAll(' as ', ':')}}`
      const module = `globalThis.process.getBuiltinModule("${id}")`
      return [whole, picked].flatMap((name) => (name ? [`const ${name}=${module}`] : [])).join(';')
    },
  ),
)

/** Fastify requires these for options that the service does not set. Loading them takes 3 % of a start. */
const unused = rewrite('unused builtins', (code) =>
  code.replace(
    /(?<=[ ,](https?2?) ?= ?)__require\([`"]node:(https|http2)[`"]\)/g,
    (_require, _name, id) =>
      `{createServer:(...args)=>__require("node:${id}").createServer(...args),createSecureServer:(...args)=>__require("node:${id}").createSecureServer(...args)}`,
  ),
)

/** In each file: what a program imports runs before it. */
const checkNode = rewrite('node version', refuseOldNode)

const plugins = [
  ascii,
  eager,
  builtins,
  unused,
  checkNode,
  listBundledPackages('bundled-packages.json'),
]

/** The service is shipped as one folder: the console that it serves stands in it, if it was built. */
const withConsole: Plugin = {
  name: 'console',
  closeBundle() {
    const built = fileURLToPath(new URL('../admin/dist', import.meta.url))
    if (existsSync(built)) cpSync(built, 'dist/admin', { recursive: true })
  },
}

export default defineConfig([
  { ...bundle('src/entry.ts', 'main.js'), plugins: [...plugins, withConsole] },
  bundle('src/backup/main.ts', 'backup.js'),
  bundle('src/admin/command/main.ts', 'admin.js'),
  // Threads of their own, so files of their own, found beside the bundle as beside the source.
  bundle('src/passwords/hasher.mjs', 'hasher.mjs'),
  bundle('src/store/sqlite/checkpointer.mjs', 'checkpointer.mjs'),
])
