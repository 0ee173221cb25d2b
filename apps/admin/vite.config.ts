import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The service that the development server proxies to. */
const service = process.env['SERVICE_URL'] ?? 'http://127.0.0.1:3000'

export default defineConfig({
  base: '/admin/',
  plugins: [react()],
  build: {
    target: 'es2022',
    // test/first-load.test.ts reads from it which files each page loads.
    manifest: true,
    // deploy/collect.mjs passes on the licences of what is bundled.
    license: { fileName: '.vite/bundled-packages.json' },
    // The Content-Security-Policy allows no data: URLs.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(
      // Keeps the browser's Host header: the service accepts calls only from pages of its own host.
      ['/admin/trpc', '/avatars'].map((path) => [path, { target: service, changeOrigin: false }]),
    ),
  },
})
