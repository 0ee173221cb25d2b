import { execFile } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, inject, it } from 'vitest'

const project = inject('project')

const compilers = { '5.9': 'typescript-5/bin/tsc', '7': 'typescript/bin/tsc' }

/** `extension` decides whether `node16` reads a file as an ES module or as CommonJS. */
const resolutions = {
  node: { module: 'commonjs', moduleResolution: 'node10', extension: '.ts' },
  'node16 from ESM': { module: 'node16', moduleResolution: 'node16', extension: '.mts' },
  'node16 from CommonJS': { module: 'node16', moduleResolution: 'node16', extension: '.cts' },
  bundler: { module: 'esnext', moduleResolution: 'bundler', extension: '.ts' },
}

/** What is compiled, and the globals of its platform. To check all declarations of Node and Fastify takes long. */
const uses = {
  phone: { lib: ['es2020'], types: ['miniprogram-api-typings'], skipLibCheck: false },
  others: { lib: ['es2023', 'dom'], types: ['node'], skipLibCheck: true },
}

const cases = Object.keys(compilers).flatMap((compiler) =>
  Object.keys(resolutions)
    // TypeScript 7 has no `node` any more.
    .filter((resolution) => compiler !== '7' || resolution !== 'node')
    .flatMap((resolution) => Object.keys(uses).map((use) => ({ compiler, resolution, use }))),
) as {
  compiler: keyof typeof compilers
  resolution: keyof typeof resolutions
  use: keyof typeof uses
}[]

/** Returns the errors in the code that uses the packages, and in their declarations. Others have errors too. */
async function compile({ compiler, resolution, use }: (typeof cases)[number]): Promise<string[]> {
  const folder = join(project, `types ${compiler} ${resolution} ${use}`.replaceAll(' ', '-'))
  const { extension, ...moduleOptions } = resolutions[resolution]
  const file = `${use}${extension}`
  mkdirSync(folder)
  copyFileSync(new URL(`uses/${use}.ts`, import.meta.url), join(folder, file))
  const compilerOptions = {
    ...moduleOptions,
    ...uses[use],
    target: 'es2020',
    strict: true,
    noEmit: true,
    esModuleInterop: true,
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [file] }))
  const tsc = join(dirname(fileURLToPath(import.meta.url)), '../node_modules', compilers[compiler])
  const run = promisify(execFile)(process.execPath, [tsc, '-p', folder])
  const output = await run.then(
    ({ stdout }) => stdout,
    (error) => error.stdout || String(error),
  )
  const isOurs = (line: string) => !/node_modules\/(?!@mianmi\/)/.test(line)
  return output.split('\n').filter((line: string) => line !== '' && isOurs(line))
}

describe('the types', () => {
  it.concurrent.each(cases)(
    'compile under $resolution with TypeScript $compiler: $use',
    async (theCase) => {
      expect(await compile(theCase)).toEqual([])
    },
  )
})
