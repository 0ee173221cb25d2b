import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { exists, read, root } from '../../src/tree.ts'

export interface CodeBlock {
  /** The file, from the root. */
  readonly file: string
  /** The line of its first line of code. */
  readonly line: number
  readonly language: string
  readonly code: string
}

/** Blocks of code, also those that stand inside of a list. */
const fenced = /^( *)```(\w*)\n([\s\S]*?)^\1```$/gm

export function blocksOf(file: string): CodeBlock[] {
  const text = read(file)
  return [...text.matchAll(fenced)].map((found) => {
    const [, indent = '', language = '', code = ''] = found
    const line = text.slice(0, found.index).split('\n').length + 1
    return { file, line, language, code: code.replaceAll(new RegExp(`^${indent}`, 'gm'), '') }
  })
}

const markdownIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`)

const readmesIn = (folder: string): string[] =>
  readdirSync(join(root, folder))
    .flatMap((name) => ['README.md', 'README.zh-CN.md'].map((file) => `${folder}/${name}/${file}`))
    .filter(exists)

/** Every page of the repository that people read, in both languages. */
export const documents: readonly string[] = [
  ...['README', 'CONTRIBUTING', 'SECURITY'].flatMap((name) => [`${name}.md`, `${name}.zh-CN.md`]),
  ...markdownIn('docs'),
  'docs/llms.txt',
  'packages/wx-session/skills/silent-sign-in/SKILL.md',
  ...['packages', 'examples', 'apps'].flatMap(readmesIn),
]
