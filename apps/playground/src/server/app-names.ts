import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * The names of the appids, from `app-names.json` beside the folder of the built mini program, from which the mini
 * program itself takes them. Empty where there is no such file.
 */
export async function readAppNames(miniProgram: string): Promise<Record<string, string>> {
  try {
    const text = await readFile(join(miniProgram, '..', 'app-names.json'), 'utf8')
    const entries = Object.entries(JSON.parse(text))
    return Object.fromEntries(entries.filter((entry) => typeof entry[1] === 'string')) as Record<
      string,
      string
    >
  } catch {
    return {}
  }
}
