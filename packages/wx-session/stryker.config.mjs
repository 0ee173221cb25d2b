import { mutationConfig } from '../../scripts/mutation-config.mjs'

export default mutationConfig(['src/session/**/*.ts'], {
  // The others bundle the sources themselves, outside the test runner that activates the mutants.
  testFiles: [
    'src/**/*.test.ts',
    'test/{decisions,launch,session-events,session-link,token-renewal,trpc-clients}.test.ts',
  ],
})
