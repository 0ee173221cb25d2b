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
  /** Why WeChat's compilers did not run; null where they did. */
  skipped: string | null
}

/** Puts every markup and style through `wcc` and `wcsc`, as the package miniprogram-compiler has them. */
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
      findings: [...faultsOf(markup, compileMarkup), ...faultsOf(styles, compileStyles)],
      skipped: null,
    }
  } finally {
    if (tools) rmSync(tools.folder, { recursive: true })
  }
}

interface Run {
  failed: boolean
  output: string
}

/** The compilers stop at the first file they refuse: it is noted, left out, and the rest goes on. */
function faultsOf(all: string[], compile: (list: string[]) => Run): Finding[] {
  const findings: Finding[] = []
  let list = all
  while (list.length > 0) {
    const { failed, output } = compile(list)
    if (!failed) break
    const found = placeIn(output, list)
    findings.push(
      found ?? { rule: rules.markup, file: '.', line: 0, column: 0, detail: output.trim() },
    )
    if (!found) break
    list = list.filter((file) => file !== found.file)
  }
  return findings
}

/** `pages/a/index.wxml:3:14: message` of wcc, `ERR: pages/a/index.wxss(3:14): message` of wcsc. */
function placeIn(output: string, list: string[]): Finding | null {
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
  const parts = owners.map(({ owner, tags }) => `${owner}.wxml ${tags.length} ${tags.join(' ')}`)
  return [owners.length, ...parts].join(' ')
}

function run(tool: string, args: string[], cwd: string): Run {
  const { status, stdout, stderr, error } = spawnSync(tool, args, {
    cwd,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  // The version is told with a status of its own; what cannot be started has none.
  if (args[0] === '--version') return { failed: Boolean(error) || status === null, output: '' }
  return {
    failed: status !== 0,
    output: error ? String(error) : `${stderr}${status ? stdout : ''}`,
  }
}

/** Copies, because the package's files may not be executable and are not ours to change. */
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
