import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export interface CodeBlock {
  readonly language: string
  readonly code: string
  /** The file that its first line names; undefined: none. */
  readonly file: string | undefined
}

export const root: string = fileURLToPath(new URL('../../../..', import.meta.url))

/** The code blocks of a page under `docs/`, in their order. */
export function blocksOf(page: string): CodeBlock[] {
  const text = readFileSync(`${root}/docs/${page}`, 'utf8')
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = '', code = '']) => ({
    language,
    code,
    file: /^(?:--|\/\/|#) ([\w/-]+\.\w+)/.exec(code)?.[1],
  }))
}

/** The code without its comments, which are in the language of the page. */
export const withoutComments = (code: string): string =>
  code
    .replaceAll(/\/\*\*.*?\*\/\n/gs, '')
    .replaceAll(/(^| )(#|\/\/|--) .*$/gm, '')
    .replaceAll(/ +$/gm, '')
