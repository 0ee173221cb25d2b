import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Finding, rules } from './finding.ts'
import type { PackageFiles } from './package-files.ts'
import { unitsOf } from './rules/files.ts'

const require = createRequire(import.meta.url)

export interface Compilation {
  findings: Finding[]
  /** Why WeChat's compilers did not run; null when they did. */
  skipped: string | null
}

/** Compiles all markup and styles with `wcc` and `wcsc` of the package miniprogram-compiler. */
export function compileWithWeChat(files: PackageFiles): Compilation {
  const tools = unpack()
  try {
    if (!tools || run(tools.wcc, ['--version'], files.root).failed) {
      return { findings: [], skipped: `WeChat has no wcc for ${process.platform} ${process.arch}` }
    }
    const markup = files.all.filter((file) => file.endsWith('.wxml'))
    const scripts = files.all.filter((file) => file.endsWith('.wxs'))
    const styles = files.all.filter((file) => file.endsWith('.wxss'))
    const compileMarkup = (list: string[]) =>
      run(
        tools.wcc,
        ['-d', '-cc', componentsFor(files), ...list, ...scripts, '-gn', '$gwx'],
        files.root,
      )
    const compileStyles = (list: string[]) =>
      run(tools.wcsc, ['-db', '-pc', String(list.length), ...list], files.root)
    return {
      findings: [...compileErrors(markup, compileMarkup), ...compileErrors(styles, compileStyles)],
      skipped: null,
    }
  } finally {
    if (tools) rmSync(tools.folder, { recursive: true })
  }
}

interface CompilerRun {
  failed: boolean
  output: string
}

/** The compilers stop at the first file with an error: it is reported and left out of the next run. */
function compileErrors(all: string[], compile: (list: string[]) => CompilerRun): Finding[] {
  const findings: Finding[] = []
  let list = all
  while (list.length > 0) {
    const { failed, output } = compile(list)
    if (!failed) break
    const error = parseError(output, list)
    findings.push(
      error ?? { rule: rules.markup, file: '.', line: 0, column: 0, detail: output.trim() },
    )
    if (!error) break
    list = list.filter((file) => file !== error.file)
  }
  return findings
}

/** `pages/a/index.wxml:3:14: message` of wcc, `ERR: pages/a/index.wxss(3:14): message` of wcsc. */
function parseError(output: string, list: string[]): Finding | null {
  for (const match of output.matchAll(/(?:ERR: )?(?:\.\/)?([\w./-]+)[:(](\d+):(\d+)\)?:\s*(.*)/g)) {
    const [, file = '', line, column, detail = ''] = match
    if (!list.includes(file)) continue
    return { rule: rules.markup, file, line: Number(line), column: Number(column), detail }
  }
  return null
}

function componentsFor(files: PackageFiles): string {
  const owners = unitsOf(files)
    .filter((owner) => files.has(`${owner}.wxml`))
    .map((owner) => ({ owner, tags: Object.keys(files.componentsOf(owner)) }))
    .filter(({ tags }) => tags.length > 0)
  const entries = owners.map(({ owner, tags }) => `${owner}.wxml ${tags.length} ${tags.join(' ')}`)
  return [owners.length, ...entries].join(' ')
}

function run(tool: string, args: string[], cwd: string): CompilerRun {
  const { status, stdout, stderr, error } = spawnSync(tool, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  // `--version` ends with a status other than 0; a program that cannot be started has no status.
  if (args[0] === '--version') return { failed: Boolean(error) || status === null, output: '' }
  return {
    failed: status !== 0,
    output: error ? String(error) : `${stderr}${status ? stdout : ''}`,
  }
}

/** Copies the compilers, because the files in the package may not be executable. */
function unpack(): { folder: string; wcc: string; wcsc: string } | null {
  const platforms: Record<string, string> = { linux: 'linux', darwin: 'mac', win32: 'windows' }
  const platform = platforms[process.platform]
  if (!platform) return null
  const home = dirname(require.resolve('miniprogram-compiler/package.json'))
  const folder = mkdtempSync(join(tmpdir(), 'wechat-compiler-'))
  const [wcc = '', wcsc = ''] = ['wcc', 'wcsc'].map((name) => {
    const file = platform === 'windows' ? `${name}.exe` : name
    copyFileSync(join(home, 'bin', platform, file), join(folder, file))
    chmodSync(join(folder, file), 0o755)
    return join(folder, file)
  })
  return { folder, wcc, wcsc }
}
