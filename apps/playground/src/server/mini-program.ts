import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { compileMiniProgram } from '@mianmi/simulator/compile'

/** The compiled mini program as JSON text, or the error message. */
export type Compilation = { ok: true; json: string } | { ok: false; message: string }

/** Returns a function that compiles the mini program, again only after a file has changed. */
export function createMiniProgramCompiler(folder: string): () => Promise<Compilation> {
  let cached: { fingerprint: string; result: Promise<Compilation> } | undefined
  return async () => {
    const fingerprint = await fingerprintOf(folder)
    if (cached?.fingerprint !== fingerprint) cached = { fingerprint, result: compile(folder) }
    return cached.result
  }
}

async function compile(folder: string): Promise<Compilation> {
  try {
    const app = await compileMiniProgram(folder)
    // The simulator would open the other pages, but the developer wants to see the fault at once.
    const [fault] = Object.values(app.faults)
    return fault === undefined
      ? { ok: true, json: JSON.stringify(app) }
      : { ok: false, message: fault }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error) }
  }
}

/** Paths, modification times and sizes of all files; empty where the folder does not exist. */
async function fingerprintOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const lines = entries
    .filter((entry) => entry.isFile())
    .map(async (entry) => {
      const path = join(entry.parentPath, entry.name)
      const found = await stat(path).catch(() => undefined)
      return `${path} ${found?.mtimeMs} ${found?.size}`
    })
  return (await Promise.all(lines)).sort().join('\n')
}
