import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'

const compress = promisify(gzip)

const mediaTypes: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.webp': 'image/webp',
  '.woff2': 'font/woff2',
}
/** Other types are compressed already. */
const compressible = /^(text\/|application\/json|image\/(svg|x-icon))/

export interface ConsoleFile {
  readonly type: string
  readonly body: Buffer
  /** Null when compression does not make the body compressed. */
  readonly gzipped: Buffer | null
  /** Entity tag (RFC 9110 §8.8.3), in quotes. */
  readonly etag: string
}

export interface ConsoleFiles {
  /** The file at a path such as `assets/index-1a2b.js`, or null. */
  find(path: string): Promise<ConsoleFile | null>
}

/**
 * The files of the built console. The folder is listed once, at the first request, and each file is read once. Only
 * listed names are read, so no path can lead out of the folder. A missing folder counts as empty.
 */
export function openConsoleFiles(folder: string): ConsoleFiles {
  let paths: Promise<ReadonlyMap<string, string>> | undefined
  const loaded = new Map<string, Promise<ConsoleFile>>()
  return {
    async find(path) {
      paths ??= listFiles(folder)
      const file = (await paths).get(path)
      if (file === undefined) return null
      const loading = loaded.get(path) ?? loadFile(file)
      loaded.set(path, loading)
      return loading
    },
  }
}

async function listFiles(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile() && extname(entry.name) in mediaTypes)
  const filePaths = files.map(({ parentPath, name }) => join(parentPath, name))
  const named = filePaths.map(
    (file) => [relative(folder, file).split(sep).join('/'), file] as const,
  )
  // Names with a leading dot, such as Vite's manifest, are for build tools.
  return new Map(named.filter(([name]) => !name.startsWith('.')))
}

async function loadFile(file: string): Promise<ConsoleFile> {
  const body = await readFile(file)
  const type = mediaTypes[extname(file)] ?? 'application/octet-stream'
  const compressed = compressible.test(type) ? await compress(body, { level: 9 }) : body
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  return { type, body, gzipped: compressed.length < body.length ? compressed : null, etag }
}
