import { type CompiledStyle, SCOPE_TOKEN } from '../compiled-app.ts'

/** The style sheets of a running mini program. */
export interface StyleSheets {
  /** Adds a sheet once; `isScoped` prefixes its class names with the scope of the component. */
  add(path: string, isScoped: boolean): void
  /** Enables the sheet of this page and disables those of all other pages. */
  showPage(path: string): void
  /** Removes all sheets. */
  clear(): void
}

/** Adds the styles of a mini program as elements inside `parent`. */
export function createStyleSheets(
  parent: Element,
  styles: Record<string, CompiledStyle>,
  pages: string[],
): StyleSheets {
  const sheets = new Map<string, HTMLStyleElement>()
  return {
    add(path, isScoped) {
      const style = styles[path]
      if (!style || sheets.has(path)) return
      const sheet = parent.ownerDocument.createElement('style')
      sheet.dataset['path'] = path
      sheet.textContent = style.css.replaceAll(SCOPE_TOKEN, isScoped ? `${style.scopeName}--` : '')
      sheets.set(path, sheet)
      parent.append(sheet)
    },
    showPage(path) {
      for (const page of pages) {
        sheets.get(page)?.setAttribute('media', page === path ? 'all' : 'not all')
      }
    },
    clear() {
      for (const sheet of sheets.values()) sheet.remove()
      sheets.clear()
    },
  }
}
