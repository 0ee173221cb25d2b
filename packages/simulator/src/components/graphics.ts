import type { BuiltIn } from './built-in.ts'

const FITS: Record<string, string> = {
  scaleToFill: 'fill',
  aspectFit: 'contain',
  aspectFill: 'cover',
  widthFix: 'fill',
  heightFix: 'fill',
}

/** Source: https://developers.weixin.qq.com/miniprogram/dev/component/image.html */
export const image: BuiltIn = {
  tag: 'image',
  properties: { src: '', mode: 'scaleToFill' },
  mount(host) {
    const { element, document } = host
    const picture = document.createElement('img')
    picture.addEventListener('load', () =>
      host.emit('load', { width: picture.naturalWidth, height: picture.naturalHeight }),
    )
    picture.addEventListener('error', () =>
      host.emit('error', { errMsg: `GET ${host.data['src']} failed` }),
    )
    element.append(picture)
    return {
      sync() {
        const mode = String(host.data['mode'])
        const src = host.context.assetUrl(String(host.data['src'] ?? ''), host.owner)
        element.setAttribute('mode', mode)
        picture.style.objectFit = FITS[mode] ?? 'none'
        if (!(mode in FITS)) picture.style.objectPosition = mode
        picture.alt = element.getAttribute('aria-label') ?? ''
        if (src === '') picture.removeAttribute('src')
        else if (picture.getAttribute('src') !== src) picture.src = src
      },
    }
  },
}

const CHECK = 'M6.8 12.4l3.5 3.5 7-7.4'
const CROSS = 'M8 8l8 8M16 8l-8 8'

// Path on a 24-unit grid, colour, whether it is drawn on a filled disc.
const ICONS: Record<string, [path: string, color: string, isDisc: boolean]> = {
  success: [CHECK, '#09bb07', true],
  success_no_circle: [CHECK, '#09bb07', false],
  info: ['M12 10.8v6M12 7v1.2', '#10aeff', true],
  warn: ['M12 6.6v7M12 16v1.2', '#f76260', true],
  waiting: ['M12 6.5v6l4 2.4', '#10aeff', true],
  cancel: [CROSS, '#f43530', true],
  download: ['M12 6.5v9M8 12l4 4 4-4', '#09bb07', true],
  search: ['M16 16l4 4M17 11a6 6 0 1 1-12 0 6 6 0 0 1 12 0z', '#b2b2b2', false],
  clear: [CROSS, '#b2b2b2', true],
}

/** Source: https://developers.weixin.qq.com/miniprogram/dev/component/icon.html */
export const icon: BuiltIn = {
  tag: 'icon',
  properties: { type: 'success', size: 23, color: '' },
  mount(host) {
    const { element } = host
    element.setAttribute('role', 'img')
    return {
      sync() {
        const [path, color, isDisc] = ICONS[String(host.data['type'])] ?? ['', 'none', false]
        const tint = String(host.data['color']) || color
        const size = `${Number(host.data['size'])}px`
        const disc = isDisc ? '<circle cx="12" cy="12" r="10.5" fill="currentColor"/>' : ''
        const stroke = isDisc ? '#fff' : 'currentColor'
        element.innerHTML = `<svg viewBox="0 0 24 24" fill="none">${disc}<path d="${path}" stroke="${stroke}" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/></svg>`
        const drawing = element.firstElementChild as SVGElement
        Object.assign(drawing.style, { width: size, height: size, color: tint, display: 'block' })
      },
    }
  },
}

/** Source: https://developers.weixin.qq.com/miniprogram/dev/component/progress.html */
export const progress: BuiltIn = {
  tag: 'progress',
  properties: {
    percent: 0,
    showInfo: false,
    strokeWidth: 6,
    activeColor: '#09bb07',
    backgroundColor: '#ebebeb',
  },
  mount(host) {
    const { element, document } = host
    const track = document.createElement('div')
    const bar = document.createElement('div')
    const info = document.createElement('span')
    track.append(bar)
    element.append(track, info)
    element.setAttribute('role', 'progressbar')
    return {
      sync() {
        const { percent, showInfo, strokeWidth, activeColor, backgroundColor } = host.data
        const share = Math.min(100, Math.max(0, Number(percent)))
        element.setAttribute('aria-valuenow', String(share))
        track.style.height = `${Number(strokeWidth)}px`
        track.style.backgroundColor = String(backgroundColor)
        bar.style.backgroundColor = String(activeColor)
        bar.style.width = `${share}%`
        info.textContent = showInfo ? `${share}%` : ''
      },
    }
  },
}
