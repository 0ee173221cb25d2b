import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { defineConfig } from 'rolldown'

const wasm = 'glass_easel_template_compiler_bg.wasm'

/** One file to start, and beside it the WXML compiler's WebAssembly, which it reads from there. */
export default defineConfig({
  input: 'src/main.ts',
  platform: 'node',
  output: {
    file: 'dist/main.js',
    format: 'esm',
    codeSplitting: false,
    banner: 'const __dirname = import.meta.dirname;',
  },
  plugins: [
    {
      name: 'template-compiler-wasm',
      load: {
        filter: { id: /glass_easel_template_compiler\.js$/ },
        async handler(id) {
          const source = await readFile(join(dirname(id), wasm))
          this.emitFile({ type: 'asset', fileName: wasm, source })
          return null
        },
      },
    },
  ],
})
