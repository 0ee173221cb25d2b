import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { miniProgram } from './build/mini-program.ts'

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

export default defineConfig({
  // Set at build time: WeChat's review runs with envVersion `develop`, so a client that chose its
  // address by envVersion would call localhost during the review.
  define: {
    __SERVICE_URL__: JSON.stringify(process.env['MIANMI_SERVICE_URL'] || 'http://127.0.0.1:3000'),
  },
  plugins: [miniProgram(path('src'))],
})
