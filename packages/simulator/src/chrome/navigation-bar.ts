import { createIcon, element } from './element.ts'

/** What the navigation bar shows. */
export interface NavigationBarState {
  title: string
  background: string
  /** WeChat knows two colours of text: `black` and `white`. */
  textStyle: string
  /** `back` closes the page, `home` opens the first page; the first page has neither. */
  button: 'back' | 'home' | 'none'
  /** The page draws its own bar (`navigationStyle: custom`): only the capsule button is shown. */
  isCustom: boolean
}

/** WeChat's navigation bar. */
export interface NavigationBar {
  element: HTMLElement
  update(state: NavigationBarState): void
}

const CAPSULE = `<svg width="87" height="32" viewBox="0 0 87 32" fill="currentColor" aria-hidden="true">
<circle cx="15" cy="16" r="2"/><circle cx="22" cy="16" r="3"/><circle cx="29" cy="16" r="2"/>
<circle cx="65" cy="16" r="8.5" fill="none" stroke="currentColor" stroke-width="2"/>
<circle cx="65" cy="16" r="3.2"/></svg>`

export function createNavigationBar(
  document: Document,
  press: (button: 'back' | 'home') => void,
): NavigationBar {
  const title = element(document, 'h1')
  const back = element(document, 'button', {
    attributes: { type: 'button', 'aria-label': '返回' },
    children: [createIcon(document, 24, '<path d="M15 4.5L7.5 12l7.5 7.5"/>')],
  })
  const home = element(document, 'button', {
    attributes: { type: 'button', 'aria-label': '回到首页' },
    children: [createIcon(document, 24, '<path d="M4 11.5L12 4l8 7.5M6.5 10v9.5h11V10"/>')],
  })
  const capsule = element(document, 'div', { attributes: { class: 'sim-capsule' } })
  capsule.innerHTML = CAPSULE
  const bar = element(document, 'header', {
    attributes: { class: 'sim-nav' },
    children: [back, home, title, capsule],
  })
  back.addEventListener('click', () => press('back'))
  home.addEventListener('click', () => press('home'))

  return {
    element: bar,
    update(state) {
      title.textContent = state.title
      back.hidden = state.button !== 'back'
      home.hidden = state.button !== 'home'
      bar.toggleAttribute('data-custom', state.isCustom)
      bar.style.setProperty('--nav-back', state.background)
      bar.style.setProperty('--nav-text', state.textStyle === 'white' ? '#fff' : '#000')
    },
  }
}
