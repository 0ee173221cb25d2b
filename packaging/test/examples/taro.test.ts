// @vitest-environment jsdom
import { testCompiledExample } from './compiled-example.ts'

/** examples/taro, as its README says: from the tarball, by its own compiler. */

testCompiledExample({
  name: 'taro',
  command: '@tarojs/cli/bin/taro',
  args: ['build', '--type', 'weapp'],
  output: 'dist',
})
