import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Program } from '@mianmi/api/testing/process'
import { rolldown } from 'rolldown'
import { type Patch, patchSource } from '../../product/patch.ts'
import { serviceAt } from '../service.ts'

const root = fileURLToPath(new URL('../../../../../', import.meta.url))
const api = join(root, 'apps/api')

/** A service that was built with faults. */
export interface FaultyService {
  readonly program: Program
  remove(): void
}

/** What the service finds beside its bundle, and no fault is in. */
const threads = ['hasher.mjs', 'checkpointer.mjs']

/**
 * Builds the service with patched sources into a temporary folder, as `apps/api/rolldown.config.ts` builds it, but for what
 * makes it start faster.
 */
export async function buildFaultyService(patches: readonly Patch[]): Promise<FaultyService> {
  const folder = mkdtempSync(join(tmpdir(), 'mianmi-faulty-'))
  const dist = join(folder, 'dist')
  const build = await rolldown({
    input: join(api, 'src/entry.ts'),
    platform: 'node',
    external: ['better-sqlite3', '@node-rs/argon2', 'piscina', 'pg-native'],
    plugins: [
      {
        name: 'faults',
        load(id) {
          const ofFile = patches.filter(({ file }) => id === join(root, file))
          if (ofFile.length === 0) return null
          return { code: ofFile.reduce(patchSource, readFileSync(id, 'utf8')), moduleType: 'ts' }
        },
      },
    ],
  })
  await build.write({
    dir: dist,
    entryFileNames: 'main.js',
    // It finds the migrations and its threads by its own place.
    chunkFileNames: ({ name }) => (name === 'main' ? 'service.js' : 'lazy/[name].js'),
    format: 'esm',
  })
  await build.close()
  for (const name of threads) cpSync(join(api, 'dist', name), join(dist, name))
  for (const name of ['migrations', 'node_modules', 'package.json'])
    symlinkSync(join(api, name), join(folder, name))
  return {
    program: serviceAt(join(dist, 'main.js')),
    remove: () => rmSync(folder, { recursive: true }),
  }
}
