import type { Toast } from '../screen-host.ts'
import { createIcon, element } from './element.ts'

/** Shows at most one toast. */
export interface ToastLayer {
  show(toast: Toast): void
  hide(): void
}

const PICTURES: Record<Toast['icon'], string> = {
  success: '<path d="M4.5 12.5l5 5 10-11"/>',
  error: '<circle cx="12" cy="12" r="9.5"/><path d="M12 6.8v6.4M12 16.4v.6"/>',
  loading: Array.from({ length: 12 }, (_, index) => {
    const opacity = (0.2 + (index / 12) * 0.8).toFixed(2)
    return `<path d="M12 2.5v4.5" opacity="${opacity}" transform="rotate(${index * 30} 12 12)"/>`
  }).join(''),
  none: '',
}

/** Creates the toast region, which screen readers announce (`role="status"`). */
export function createToastLayer(parent: HTMLElement): ToastLayer {
  const document = parent.ownerDocument
  const region = element(document, 'div', { attributes: { role: 'status', 'aria-live': 'polite' } })
  parent.append(region)
  let timer: ReturnType<typeof setTimeout> | undefined

  const hide = (): void => {
    clearTimeout(timer)
    region.replaceChildren()
  }
  return {
    hide,
    show({ title, icon, duration }) {
      hide()
      const picture = icon === 'none' ? [] : [createIcon(document, 40, PICTURES[icon])]
      region.append(
        element(document, 'div', {
          attributes: { class: 'sim-toast', 'data-icon': icon },
          children: [...picture, element(document, 'span', { children: [title] })],
        }),
      )
      if (Number.isFinite(duration)) timer = setTimeout(hide, duration)
    },
  }
}
