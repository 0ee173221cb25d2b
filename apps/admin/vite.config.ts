import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where the service is that a page under development speaks to. */
const service = process.env['SERVICE_URL'] ?? 'http://127.0.0.1:3000'

export default defineConfig({
  base: '/admin/',
  plugins: [react()],
  build: {
    target: 'es2022',
    // test/first-load.test.ts reads what each page loads.
    manifest: true,
    // The page's policy allows data: for images only.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(
      // The Host stays the browser's own, so that the service takes the page for its own.
      ['/admin/trpc', '/avatars'].map((path) => [path, { target: service, changeOrigin: false }]),
    ),
  },
})
