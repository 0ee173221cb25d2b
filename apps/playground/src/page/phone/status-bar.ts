import { byId } from '../element.ts'
import { onLanguage, t } from '../text/language.ts'

/** The status bar above the navigation bar, in the colours of that bar. */
export function setUpStatusBar(isOnline: () => boolean): { update(): void } {
  const bar = byId('status-bar')
  const clock = byId<HTMLTimeElement>('clock')
  const signal = byId('signal')

  const tick = (): void => {
    const now = new Date()
    clock.textContent = now.toTimeString().slice(0, 5)
    setTimeout(tick, 60_000 - (now.getTime() % 60_000))
  }
  const update = (): void => {
    signal.toggleAttribute('data-offline', !isOnline())
    signal.setAttribute('aria-label', t(isOnline() ? 'device.online' : 'device.offline'))
  }
  const screen = byId('screen')
  const match = (): void => {
    const below = screen.querySelector('header')
    const { backgroundColor = '', color = '' } = below ? getComputedStyle(below) : {}
    bar.style.background = backgroundColor
    bar.style.color = color
  }
  new MutationObserver(match).observe(screen, {
    subtree: true,
    childList: true,
    attributeFilter: ['style'],
  })
  tick()
  onLanguage(update)
  return { update }
}
