import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

/** Node 20 runs no TypeScript, so the review is built before it runs. */
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
