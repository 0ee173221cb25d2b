import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { start } from './start-process.ts'

const dist = fileURLToPath(new URL('../../api/dist/', import.meta.url))
const cache = join(dist, '.compile-cache')
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mianmi-start-cost-'))
  rmSync(cache, { recursive: true, force: true })
})

afterEach(() => {
  rmSync(cache, { recursive: true, force: true })
  rmSync(folder, { recursive: true })
})

async function startAndStop(): Promise<number | null> {
  const service = start('service', { cwd: folder, env: { PORT: '0' } })
  await service.listening
  return service.stop()
}

/** The code of a built file and of the files that it imports statically: what a start reads. */
function codeOfStart(file: string, seen = new Set<string>()): string {
  if (seen.has(file)) return ''
  seen.add(file)
  const code = readFileSync(join(dist, file), 'utf8')
  const imported = [...code.matchAll(/\bfrom ?["'`](\.[^"'`]+)["'`]/g)].map(([, path]) =>
    join(dirname(file), path ?? ''),
  )
  return [code, ...imported.map((each) => codeOfStart(each, seen))].join('\n')
}

describe('what a start of the service saves', () => {
  it('stores the compiled code beside the code, when the process exits', async () => {
    expect(await startAndStop()).toBe(0)
    const files = readdirSync(cache, { recursive: true, withFileTypes: true })
    expect(files.filter((file) => file.isFile()).length).toBeGreaterThan(0)
  })

  it('starts where the compiled code cannot be stored', async () => {
    writeFileSync(cache, 'not a folder')
    expect(await startAndStop()).toBe(0)
  })

  it.each([
    ['the native code of password hashes', /\bfrom ?["'`]@node-rs\/argon2/],
    ['threads', /\bfrom ?["'`]piscina/],
    ['the admin router', /\.previewMerge\(ctx\.actor/],
    ['HTTP/2, which the service does not speak', /= ?__require\(["'`]node:http2/],
  ])('reads nothing of %s', (_name, pattern) => {
    const code = codeOfStart('service.js')
    // It is loaded, or can be, when it is needed.
    expect(code).toMatch(/\bimport\(["'`]/)
    expect(code).not.toMatch(pattern)
  })

  it.each(['main.js', 'service.js', 'admin.js', 'backup.js'])(
    '%s imports no module of Node by `import`, which reads exports that load further ones',
    (file) => {
      const code = readFileSync(join(dist, file), 'utf8')
      expect(code).toContain('getBuiltinModule("node:')
      expect(code).not.toMatch(/\bfrom ?["'`]node:/)
    },
  )
})
