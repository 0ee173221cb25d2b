import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const service = 'http://127.0.0.1:3000'

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
    // The Host stays the browser's own, so that the service takes the page for its own.
    proxy: { '/trpc': service, '/avatars': service },
  },
})
