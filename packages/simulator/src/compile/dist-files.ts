import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { CompileError } from './compile-error.ts'

const TEXT = new Set(['.js', '.json', '.wxml', '.wxss', '.wxs'])

const MEDIA_TYPES: Record<string, string> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.svg': 'image/svg+xml',
  '.ttf': 'font/ttf',
  '.woff': 'font/woff',
  '.woff2': 'font/woff2',
}

/** The files of a built mini program. */
export interface DistFiles {
  /** Source text by path from the root of the folder, with `/` as separator. */
  texts: Map<string, string>
  /** `data:` URLs by path. */
  assets: Record<string, string>
}

/**
 * Reads the files of a built mini program whose type the simulator supports.
 *
 * @throws CompileError where the folder cannot be read
 */
export async function readDistFiles(folder: string): Promise<DistFiles> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => {
    throw new CompileError('app.json', `cannot read the folder ${folder}`)
  })
  const texts = new Map<string, string>()
  const assets: Record<string, string> = {}
  const reads = entries
    .filter((entry) => entry.isFile())
    .map((entry) => {
      const file = join(entry.parentPath, entry.name)
      return { file, entry, path: relative(folder, file).split(sep).join('/') }
    })
    // WeChat does not upload it; 构建 npm has copied what the mini program needs into miniprogram_npm.
    .filter(({ path }) => !path.split('/').includes('node_modules'))
    .map(async ({ file, entry, path }) => {
      const extension = extname(entry.name).toLowerCase()
      const mediaType = MEDIA_TYPES[extension]
      if (TEXT.has(extension)) texts.set(path, await readFile(file, 'utf8'))
      else if (mediaType) {
        assets[path] = `data:${mediaType};base64,${await readFile(file, 'base64')}`
      }
    })
  await Promise.all(reads)
  return { texts, assets }
}

/**
 * Parses a JSON file of the mini program; undefined where the file does not exist.
 *
 * @throws CompileError where it is not a JSON object
 */
export function readJson(files: DistFiles, path: string): Record<string, unknown> | undefined {
  const text = files.texts.get(path)
  if (text === undefined) return undefined
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>
    }
  } catch (error) {
    throw new CompileError(path, error instanceof Error ? error.message : 'not JSON')
  }
  throw new CompileError(path, 'must hold a JSON object')
}
