import type { AppConfig } from '../compiled-app.ts'
import type { CallMethod, Page } from './page.ts'

/** Pixels that a page must be pulled to refresh, and that it stays down while it refreshes. */
const THRESHOLD = 50

/** The pull-down refresh of the pages. */
export interface PullDown {
  /** Listens for pulls where the page's JSON enables them. */
  watch(page: Page, callMethod: CallMethod): void
  /** Starts a refresh and runs onPullDownRefresh. */
  start(page: Page, callMethod: CallMethod): void
  /** Ends the refresh. */
  stop(): void
}

/** Creates the pull-down refresh, by finger or mouse at the top of a page whose JSON enables it. */
export function createPullDown(viewport: HTMLElement, config: AppConfig): PullDown {
  const dots = createDots(viewport)
  let open: Page | undefined

  const start = (page: Page, callMethod: CallMethod): void => {
    if (open) return
    open = page
    dots.hidden = false
    shift(page, THRESHOLD)
    callMethod(page.instance, 'onPullDownRefresh')
  }
  return {
    start,
    stop() {
      if (open) shift(open, 0)
      open = undefined
      dots.hidden = true
    },
    watch(page, callMethod) {
      if (!(page.config.enablePullDownRefresh ?? config.window?.enablePullDownRefresh)) return
      listenForPull(page, {
        canStart: () => !open,
        pull(distance) {
          dots.hidden = distance <= 0
          shift(page, Math.min(distance, THRESHOLD * 1.6))
        },
        release(distance) {
          dots.hidden = true
          shift(page, 0)
          if (distance >= THRESHOLD) start(page, callMethod)
        },
      })
    },
  }
}

function createDots(viewport: HTMLElement): HTMLElement {
  const dots = viewport.ownerDocument.createElement('div')
  dots.className = 'sim-pull'
  dots.hidden = true
  dots.setAttribute('aria-hidden', 'true')
  dots.innerHTML = '<i></i><i></i><i></i>'
  viewport.append(dots)
  return dots
}

function shift(page: Page, distance: number): void {
  page.frame.style.marginTop = distance > 0 ? `${distance}px` : ''
}

interface PullHandlers {
  canStart(): boolean
  pull(distance: number): void
  release(distance: number): void
}

function listenForPull({ frame }: Page, pull: PullHandlers): void {
  let origin: number | undefined
  // The page moves half as far as the finger.
  const distance = (event: PointerEvent): number => (event.clientY - (origin ?? 0)) / 2

  frame.addEventListener('pointerdown', (event) => {
    origin = frame.scrollTop <= 0 && pull.canStart() ? event.clientY : undefined
  })
  frame.addEventListener('pointermove', (event) => {
    if (origin === undefined) return
    pull.pull(distance(event))
    event.preventDefault()
  })
  const release = (event: PointerEvent): void => {
    if (origin === undefined) return
    pull.release(distance(event))
    origin = undefined
  }
  frame.addEventListener('pointerup', release)
  frame.addEventListener('pointercancel', release)
}
