import { fileURLToPath } from 'node:url'
import { defineConfig, type Plugin } from 'vite'

/** Where `npm run dev` starts src/main.ts. */
const server = process.env['PLAYGROUND_SERVER_URL'] ?? 'http://127.0.0.1:3102'
const miniProgram = fileURLToPath(new URL('../miniprogram/dist', import.meta.url))

/** The page opens the mini program again when it was built. */
const reloadWithMiniProgram: Plugin = {
  name: 'mini program',
  configureServer({ watcher, ws }) {
    watcher.add(miniProgram)
    watcher.on('all', (_event, path) => {
      if (path === `${miniProgram}/app.js`) ws.send({ type: 'full-reload' })
    })
  },
}

export default defineConfig({
  root: 'src/page',
  plugins: [reloadWithMiniProgram],
  build: {
    outDir: '../../dist/page',
    emptyOutDir: true,
    target: 'es2022',
    // The page's policy allows data: for images and fonts only, and nothing here is that small.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1000,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: Object.fromEntries(
      // The server takes requests of its own page only.
      ['/app.json', '/config.json', '/service', '/wechat'].map((path) => [
        path,
        {
          target: server,
          changeOrigin: true,
          headers: { origin: server, 'sec-fetch-site': 'same-origin' },
        },
      ]),
    ),
  },
})
