import { mutationConfig } from '../../scripts/mutation-config.mjs'

/** Use cases and the rules they apply. A file without code that runs (a port, a type) has no mutants. */
export default mutationConfig(['src/**/*.ts'])
