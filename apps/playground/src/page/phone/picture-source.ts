import type { Config } from '../config.ts'
import { drawAvatar } from './portrait.ts'

/** Whence this page loads a picture: WeChat's avatars are drawn, the service's come through the proxy. */
export function createPictureSource({
  builtFor,
  serviceUrl,
}: Pick<Config, 'builtFor' | 'serviceUrl'>): (url: string) => string | undefined {
  const bases = [builtFor, serviceUrl].map((base) => base.replace(/\/*$/, '/'))
  return (url) => {
    const base = bases.find((known) => url.startsWith(known))
    return base === undefined ? drawAvatar(url) : `/service/${url.slice(base.length)}`
  }
}
