import type { PlaygroundConfig } from '../playground-config.ts'
import { drawAvatar } from './avatar.ts'

/** Maps image URLs for this page: WeChat avatars are drawn, images of the service go through the proxy. */
export function createImageUrlResolver({
  builtServiceUrl,
  serviceUrl,
}: Pick<PlaygroundConfig, 'builtServiceUrl' | 'serviceUrl'>): (url: string) => string | undefined {
  const bases = [builtServiceUrl, serviceUrl].map((base) => base.replace(/\/*$/, '/'))
  return (url) => {
    const base = bases.find((known) => url.startsWith(known))
    return base === undefined ? drawAvatar(url) : `/service/${url.slice(base.length)}`
  }
}
