import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** The review is built before it runs, because plain Node 22 needs a flag to run TypeScript. */
export default defineConfig({
  root: path('.'),
  logLevel: 'warn',
  build: {
    ssr: path('main.ts'),
    outDir: path('../.reports/review'),
    emptyOutDir: true,
    rolldownOptions: { output: { entryFileNames: 'main.js' } },
  },
})
