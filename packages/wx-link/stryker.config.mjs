import { mutationConfig } from '../../scripts/mutation-config.mjs'

export default mutationConfig(['src/**/*.ts'], {
  // The others bundle the sources themselves, outside the test runner that activates the mutants.
  testFiles: [
    'src/**/*.test.ts',
    'test/{abort,calls,client,failures,late-replies,limits,transformer}.test.ts',
  ],
})
