import { mutationConfig } from '../../scripts/mutation-config.mjs'

export default mutationConfig(['src/**/*.ts'])
