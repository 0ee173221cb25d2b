import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { compileMiniProgram } from '@mianmi/simulator/compile'

/** The compiled mini program as JSON text, or why there is none. */
export type Compilation = { ok: true; json: string } | { ok: false; message: string }

/** Compiles again whenever the folder is another than it was at the last look. */
export function createMiniProgramCompiler(folder: string): () => Promise<Compilation> {
  let seen: { print: string; result: Promise<Compilation> } | undefined
  return async () => {
    const print = await fingerprint(folder)
    if (seen?.print !== print) seen = { print, result: compile(folder) }
    return seen.result
  }
}

async function compile(folder: string): Promise<Compilation> {
  try {
    return { ok: true, json: JSON.stringify(await compileMiniProgram(folder)) }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}

/** Paths, times and sizes; empty where there is no folder. */
async function fingerprint(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const marks = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => {
      const path = join(entry.parentPath, entry.name)
      const found = await stat(path).catch(() => undefined)
      return `${path} ${found?.mtimeMs} ${found?.size}`
    })
  return (await Promise.all(marks)).sort().join('\n')
}
