import postcss, { type AtRule, type Container, CssSyntaxError, type Root } from 'postcss'
import parseValue from 'postcss-value-parser'
import type { CompiledStyle } from '../compiled-app.ts'
import { resolvePath } from '../paths.ts'
import { VIEWPORT_CLASS } from '../viewport-class.ts'
import { CompileError } from './compile-error.ts'
import type { DistFiles } from './dist-files.ts'
import type { Faults } from './faults.ts'
import { rewriteSelector } from './selectors.ts'

const THEME = /\s*(?:and\s*)?\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)(?:\s*and\s*)?/i

/**
 * Compiles the WXSS of every page, every component and the app into CSS for a browser.
 *
 * @throws CompileError for a fault of app.wxss
 */
export function compileStyles(
  files: DistFiles,
  paths: string[],
  faults: Faults,
): Record<string, CompiledStyle> {
  const styles: Record<string, CompiledStyle> = {}
  const add = (path: string, style: CompiledStyle | undefined): void => {
    if (style) styles[path] = style
  }
  add('app', compileStyle(files, 'app'))
  for (const path of paths)
    add(
      path,
      faults.guard(path, () => compileStyle(files, path)),
    )
  return styles
}

function compileStyle(files: DistFiles, path: string): CompiledStyle | undefined {
  const file = `${path}.wxss`
  if (!files.texts.has(file)) return undefined
  const scopeName = path.replace(/[^\w]+/g, '-')
  const root = withImports(files, file, [])
  rewriteThemes(root, file)
  rewriteRules(root, file, scopeName)
  root.walkDecls((decl) => {
    decl.value = rewriteValue(decl.value)
  })
  return { css: root.toString().trim(), scopeName }
}

function withImports(files: DistFiles, file: string, importers: string[]): Root {
  const text = files.texts.get(file)
  if (text === undefined) {
    throw new CompileError(importers.at(-1) ?? file, `@import of "${file}", which does not exist`)
  }
  let root: Root
  try {
    root = postcss.parse(text, { from: file })
  } catch (error) {
    if (!(error instanceof CssSyntaxError)) throw error
    const { reason, line = 1, column = 1 } = error
    throw new CompileError(file, reason, { line, column })
  }
  root.walkAtRules('import', (rule) => {
    const imported = parseValue(rule.params).nodes.find(({ type }) => type === 'string')
    const target = resolvePath(imported?.value ?? '', file)
    if (target === file || importers.includes(target)) rule.remove()
    else rule.replaceWith(withImports(files, target, [...importers, file]).nodes)
  })
  return root
}

/** The simulator sets the theme, not the browser, so media queries become selectors. */
function rewriteThemes(root: Root, file: string): void {
  root.walkAtRules('media', (media) => {
    media.params = pixelsOf(media.params)
    const theme = THEME.exec(media.params)?.[1]?.toLowerCase()
    if (!theme) return
    if (media.params.includes(',')) {
      const position = media.source?.start
      throw new CompileError(
        file,
        'prefers-color-scheme is not supported in a list of media queries',
        position,
      )
    }
    media.walkRules((rule) => {
      const scope = `:where(.${VIEWPORT_CLASS}[data-theme="${theme}"])`
      rule.selectors = rule.selectors.map((selector) => `${scope} ${selector}`)
      themed.add(rule)
    })
    const rest = media.params.replace(THEME, '').trim()
    if (rest) media.params = rest
    else media.replaceWith(media.nodes ?? [])
  })
}

const themed = new WeakSet<Container>()

function rewriteRules(root: Root, file: string, scopeName: string): void {
  root.walkRules((rule) => {
    const parent = rule.parent
    if (parent?.type === 'atrule' && (parent as AtRule).name.endsWith('keyframes')) return
    try {
      rule.selectors = rule.selectors.map((selector) => {
        if (!themed.has(rule)) return rewriteSelector(selector, scopeName)
        const end = selector.indexOf(') ') + 2
        return selector.slice(0, end) + rewriteSelector(selector.slice(end), scopeName)
      })
    } catch (error) {
      const reason = error instanceof Error ? error.message : 'bad selector'
      throw new CompileError(file, reason, rule.source?.start)
    }
  })
}

/** Replaces `rpx` by a multiple of `--rpx`, and safe areas by variables that the page around the phone can set. */
export function rewriteValue(value: string): string {
  if (!/rpx|safe-area-inset/.test(value)) return value
  const parsed = parseValue(value)
  parsed.walk((node) => {
    if (node.type === 'word') {
      const length = parseValue.unit(node.value)
      if (length && length.unit === 'rpx') node.value = `calc(${length.number} * var(--rpx))`
    }
    if (node.type === 'function' && (node.value === 'env' || node.value === 'constant')) {
      const name = node.nodes[0]?.value
      if (!name?.startsWith('safe-area-inset')) return undefined
      const fallback = parseValue.stringify(node.nodes)
      node.value = 'var'
      node.nodes = parseValue(`--${name}, env(${fallback})`).nodes
      return false
    }
    return undefined
  })
  return parsed.toString()
}

// var() is not allowed in a media query, so a width of 375 pixels is assumed: 1rpx is 0.5px.
const pixelsOf = (params: string): string =>
  params.replace(/(-?[\d.]+)rpx/g, (_, number: string) => `${Number(number) / 2}px`)
