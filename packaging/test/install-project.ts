import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** A project outside the repository, in which npm has installed every package from its tarball. */
    project: string
  }
}

/** The packages that run on phones: 构建 npm packs what is under `dependencies`. */
const onPhones = ['wx-link', 'wx-session']
const others = ['wechat', 'trpc-fastify', 'wechat-sandbox', 'simulator']

function tarballs(names: string[]): Record<string, string> {
  const fileOf = (name: string) => {
    const file = new URL(`../../packages/${name}/lib/package.tgz`, import.meta.url).pathname
    if (!existsSync(file)) throw new Error(`${file} does not exist: npm run pack:all`)
    return `file:${file}`
  }
  return Object.fromEntries(names.map((name) => [`@mianmi/${name}`, fileOf(name)]))
}

/** The peers, and what the examples use, at the versions of the workspace. */
function versionsOf(...names: string[]): Record<string, string> {
  const workspace = readFileSync(new URL('../../pnpm-workspace.yaml', import.meta.url), 'utf8')
  const versionOf = (name: string) => {
    const version = workspace.match(new RegExp(`^  "?${name}"?: (\\S+)$`, 'm'))?.[1]
    if (version === undefined) throw new Error(`${name} is not in the catalog`)
    return version
  }
  return Object.fromEntries(names.map((name) => [name, versionOf(name)]))
}

/** Installs with npm, because 构建 npm reads the folders that npm makes. */
export default async function setup({ provide }: TestProject): Promise<() => void> {
  const project = realpathSync(mkdtempSync(join(tmpdir(), 'mianmi-packaging-')))
  const manifest = {
    private: true,
    dependencies: tarballs(onPhones),
    devDependencies: {
      ...tarballs(others),
      ...versionsOf('@trpc/client', '@trpc/server', 'fastify', 'zod', 'react', 'vue'),
      ...versionsOf('@types/node', '@types/react', 'miniprogram-api-typings'),
    },
  }
  writeFileSync(join(project, 'package.json'), JSON.stringify(manifest, null, 2))
  // npx, which starts the checks, says by this variable which package npm shall run.
  const { npm_config_package: _, ...env } = process.env
  const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  await promisify(execFile)('npm', args, { cwd: project, env, shell: process.platform === 'win32' })
  provide('project', project)
  return () => rmSync(project, { recursive: true, force: true })
}
