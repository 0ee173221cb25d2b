import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { compileMiniProgram } from '../src/compile/index.ts'
import type { CompiledApp } from '../src/compiled-app.ts'

/** Compiles a mini program that consists of these files; `null` omits a file. */
export async function compileFiles(files: Record<string, string | null>): Promise<CompiledApp> {
  const folder = await mkdtemp(join(tmpdir(), 'simulator-'))
  try {
    for (const [path, text] of Object.entries(files)) {
      if (text === null) continue
      await mkdir(dirname(join(folder, path)), { recursive: true })
      await writeFile(join(folder, path), text)
    }
    return await compileMiniProgram(folder)
  } finally {
    await rm(folder, { recursive: true })
  }
}

/**
 * Compiles a mini program of one page, whose handlers `note` and `add` append to `events` in its data.
 *
 * @param wxml the page's template
 * @param changes further files, or other contents of app.json, app.js and page/index.json
 */
export function compilePage(
  wxml: string,
  changes: Record<string, string> = {},
): Promise<CompiledApp> {
  return compileFiles({
    'app.json': '{ "pages": ["page/index"] }',
    'app.js': 'App({})',
    'page/index.json': '{}',
    'page/index.js': `Page({
      data: { events: [] },
      note({ type, detail }) {
        this.setData({ events: [...this.data.events, [type, detail]] })
      },
      add({ type }) {
        this.setData({ events: [...this.data.events, type] })
      },
    })`,
    'page/index.wxml': wxml,
    ...changes,
  })
}
