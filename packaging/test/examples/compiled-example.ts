import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { afterAll, beforeAll, expect, inject, it } from 'vitest'
import { copyExample, type Example, repository, run, startExample, testExample } from './example.ts'

const compilers = join(import.meta.dirname, '../../compilers')

export interface CompiledExample {
  name: 'uni-app' | 'taro'
  /** In node_modules of the compiler. */
  command: string
  args: string[]
  /** What the compiler writes. */
  output: string
}

/** An example that its own compiler builds, from packaging/compilers; its backend is the one of examples/native. */
export function testCompiledExample({ name, command, args, output }: CompiledExample): void {
  let example: Example

  beforeAll(async () => {
    // Next to the compiler's packages, so that they are found as if npm had installed them in the example.
    const folder = copyExample(name, join(compilers, name))
    const wxSession = 'node_modules/@mianmi/wx-session'
    cpSync(join(inject('project'), wxSession), join(folder, wxSession), { recursive: true })
    const build = async (host: string) => {
      writeFileSync(join(folder, 'src/config.js'), `export const host = '${host}'\n`)
      const script = join(compilers, name, 'node_modules', command)
      await run(process.execPath, [script, ...args], folder)
      return join(folder, output)
    }
    const server = join(repository, 'examples/native/server/index.mjs')
    example = await startExample({ folder, server, build })
  })

  afterAll(() => example?.stop())

  testExample(() => example)

  it('is built with the versions that its package.json names', () => {
    const read = (file: string) => JSON.parse(readFileSync(file, 'utf8'))
    const { dependencies, devDependencies } = read(
      join(repository, 'examples', name, 'package.json'),
    )
    const { '@mianmi/wx-session': _, ...others } = dependencies
    const compiler = read(join(compilers, name, 'package.json'))
    expect(compiler).toMatchObject({ dependencies: others, devDependencies })
  })
}
