import { mutationConfig } from '../../scripts/mutation-config.mjs'

export default mutationConfig(['src/tokens/**/*.ts'], {
  testFiles: ['src/tokens/**/*.test.ts'],
})
