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
/** What is compressed already only grows. */
const compressible = /^(text\/|application\/json|image\/(svg|x-icon))/

export interface ConsoleFile {
  readonly type: string
  readonly body: Buffer
  /** Null where compressing brings nothing. */
  readonly gzipped: Buffer | null
  /** RFC 9110 §8.8.3 */
  readonly etag: string
}

export interface ConsoleFiles {
  /** The file at this path, such as `assets/index-1a2b.js`, or null. */
  find(path: string): Promise<ConsoleFile | null>
}

/**
 * The built console, listed once when it is first asked for and each file read once: a name that is not in
 * the list reaches no file system, so none leads out of the folder. Where there is no folder there is nothing.
 */
export function openFiles(folder: string): ConsoleFiles {
  let listed: Promise<ReadonlyMap<string, string>> | undefined
  const read = new Map<string, Promise<ConsoleFile>>()
  return {
    async find(path) {
      listed ??= list(folder)
      const file = (await listed).get(path)
      if (file === undefined) return null
      const known = read.get(path) ?? load(file)
      read.set(path, known)
      return known
    },
  }
}

async function list(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile() && extname(entry.name) in mediaTypes)
  const paths = files.map(({ parentPath, name }) => join(parentPath, name))
  const named = paths.map((file) => [relative(folder, file).split(sep).join('/'), file] as const)
  // What begins with a dot, such as the list of what was built, is for the tools.
  return new Map(named.filter(([name]) => !name.startsWith('.')))
}

async function load(file: string): Promise<ConsoleFile> {
  const body = await readFile(file)
  const type = mediaTypes[extname(file)] ?? 'application/octet-stream'
  const smaller = compressible.test(type) ? await compress(body, { level: 9 }) : body
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  return { type, body, gzipped: smaller.length < body.length ? smaller : null, etag }
}
