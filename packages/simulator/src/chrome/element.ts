/** Creates an element with attributes and children. */
export function element<K extends keyof HTMLElementTagNameMap>(
  document: Document,
  tag: K,
  content: { attributes?: Record<string, string>; children?: (Node | string)[] } = {},
): HTMLElementTagNameMap[K] {
  const created = document.createElement(tag)
  for (const [name, value] of Object.entries(content.attributes ?? {})) {
    created.setAttribute(name, value)
  }
  created.append(...(content.children ?? []))
  return created
}

/**
 * Creates a line icon.
 *
 * @param size pixels
 * @param path SVG elements on a 24-unit grid
 */
export function createIcon(document: Document, size: number, path: string): HTMLElement {
  const holder = element(document, 'span', { attributes: { 'aria-hidden': 'true' } })
  holder.style.display = 'flex'
  holder.innerHTML = `<svg width="${size}" height="${size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round">${path}</svg>`
  return holder
}
