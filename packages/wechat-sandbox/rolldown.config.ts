import type { RolldownOptions } from 'rolldown'

const config: RolldownOptions = {
  input: 'src/main.ts',
  platform: 'node',
  output: { file: 'dist/main.js', format: 'esm' },
}

export default config
