import { expect, it } from 'vitest'
import { linesOf } from './example.ts'

// The first file is for the sign-in alone; its first line says so.
it.each([
  [
    'native/miniprogram/session.js',
    'native/miniprogram/app.js',
    'native/miniprogram/pages/home/index.js',
  ],
  [
    'trpc/miniprogram/session.ts',
    'trpc/miniprogram/app.ts',
    'trpc/miniprogram/pages/home/index.ts',
  ],
  ['uni-app/src/session.js', 'uni-app/src/App.vue', 'uni-app/src/pages/home/index.vue'],
  ['taro/src/session.js', 'taro/src/app.jsx', 'taro/src/pages/home/index.jsx'],
])('%s and the marked lines elsewhere are at most 15', (session, ...others) => {
  const marked = others.flatMap(linesOf).filter((line) => line.endsWith('// sign-in'))
  expect(marked.length).toBeGreaterThanOrEqual(5)
  expect(linesOf(session).length - 1 + marked.length).toBeLessThanOrEqual(15)
})

it.each(['native/server/index.mjs', 'trpc/server/index.ts'])(
  'the backend %s has at most 60 lines',
  (file) => {
    expect(linesOf(file).length).toBeLessThanOrEqual(60)
  },
)
