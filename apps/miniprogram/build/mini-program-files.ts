import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, posix, relative, sep } from 'node:path'

interface AppConfig {
  pages?: string[]
  usingComponents?: Record<string, string>
}

/**
 * The scripts that WeChat loads: the app, every page of app.json and every component in a
 * `usingComponents`. Maps the output name (without .js) to the source file.
 *
 * @throws Error with the name of a missing file
 */
export function findEntries(root: string): Record<string, string> {
  const app: AppConfig = readJson(join(root, 'app.json'))
  const entries: Record<string, string> = { app: scriptOf(root, 'app', 'app.json') }
  const waiting = [...(app.pages ?? []).map((page) => ({ name: page, from: 'app.json' }))]
  waiting.push(...componentsOf('app', app))
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    if (entries[next.name]) continue
    entries[next.name] = scriptOf(root, next.name, next.from)
    waiting.push(...componentsOf(next.name, readJson(join(root, `${next.name}.json`))))
  }
  return entries
}

/** The files that WeChat reads unchanged: markup, styles, configuration, images. */
export function findAssets(root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && !file.name.endsWith('.ts'))
    .map((file) => relative(root, join(file.parentPath, file.name)).split(sep).join('/'))
    .sort()
}

/** Removes comments and indentation. */
export function packAsset(root: string, file: string): Uint8Array | string {
  const content = readFileSync(join(root, file))
  if (file.endsWith('.json')) return JSON.stringify(JSON.parse(content.toString('utf8')))
  if (file.endsWith('.wxss'))
    return packStyle(content.toString('utf8').replace(/\/\*[\s\S]*?\*\//g, ''))
  if (file.endsWith('.wxml'))
    return trimLines(content.toString('utf8').replace(/<!--[\s\S]*?-->/g, ''))
  return content
}

/**
 * Exports values instead of getters, which are 70 bytes longer each. They stand at the end of a chunk, and an exported
 * binding is never assigned again.
 */
export function plainExports(code: string): string {
  const getter =
    /Object\.defineProperty\(exports,"(\w+)",\{enumerable:!0,get:function\(\)\{return ([\w$]+)\}\}\)/g
  return code.replace(getter, 'exports.$1=$2')
}

/** One rule in a line. Blanks within values and selectors stay. */
function packStyle(style: string): string {
  return style
    .trim()
    .replace(/\s*([{};,])\s*/g, '$1')
    .replace(/:\s+/g, ':')
    .replace(/;}/g, '}')
    .replace(/}(?!})/g, '}\n')
}

function trimLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n')
}

function componentsOf(owner: string, config: AppConfig): { name: string; from: string }[] {
  return Object.values(config.usingComponents ?? {}).map((path) => ({
    name: path.startsWith('/') ? path.slice(1) : posix.join(dirname(owner), path),
    from: `${owner}.json`,
  }))
}

function scriptOf(root: string, name: string, from: string): string {
  const script = join(root, `${name}.ts`)
  if (!existsSync(script)) throw new Error(`${from} names "${name}", but ${name}.ts is missing`)
  return script
}

function readJson(file: string): AppConfig {
  return JSON.parse(readFileSync(file, 'utf8'))
}
