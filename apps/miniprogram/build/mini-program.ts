import { join } from 'node:path'
import type { Plugin } from 'vite'
import { findAssets, findEntries, packAsset, plainExports } from './mini-program-files.ts'

/**
 * Builds `root` into WeChat's layout: one CommonJS file for each page and component beside its
 * markup, shared code in `chunks/`. See
 * https://developers.weixin.qq.com/miniprogram/dev/framework/structure.html
 */
export function miniProgram(root: string): Plugin {
  return {
    name: 'mini-program',
    config: () => ({
      publicDir: false,
      build: {
        target: 'es2017',
        modulePreload: false,
        emptyOutDir: true,
        reportCompressedSize: false,
        rolldownOptions: {
          input: findEntries(root),
          output: {
            format: 'cjs',
            entryFileNames: '[name].js',
            chunkFileNames: 'chunks/[name].js',
          },
        },
      },
    }),
    buildStart() {
      for (const file of findAssets(root)) this.addWatchFile(join(root, file))
    },
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type === 'chunk') chunk.code = plainExports(chunk.code)
      }
      for (const file of findAssets(root)) {
        this.emitFile({ type: 'asset', fileName: file, source: packAsset(root, file) })
      }
    },
  }
}
