import { vi } from 'vitest'

/** What Ant Design and ECharts use and jsdom lacks. Animations are off, so dialogs open and close at once. */
export function completeJsdom(): void {
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe() {}
      unobserve() {}
      disconnect() {}
    },
  )
  vi.stubGlobal('matchMedia', (query: string) => ({
    matches: query.includes('prefers-reduced-motion') || query.includes('min-width'),
    media: query,
    addEventListener() {},
    removeEventListener() {},
    addListener() {},
    removeListener() {},
  }))
  vi.stubGlobal('scrollTo', () => undefined)
  // jsdom has no layout; the styles of pseudo-elements are not implemented and would be logged as errors.
  const { getComputedStyle } = window
  vi.stubGlobal('getComputedStyle', (element: Element) => getComputedStyle(element))
}
