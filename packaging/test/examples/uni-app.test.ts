// @vitest-environment jsdom
import { testCompiledExample } from './compiled-example.ts'

/** examples/uni-app, as its README says: from the tarball, by its own compiler. */

testCompiledExample({
  name: 'uni-app',
  command: '@dcloudio/vite-plugin-uni/bin/uni.js',
  args: ['build', '-p', 'mp-weixin'],
  output: 'dist/build/mp-weixin',
})
