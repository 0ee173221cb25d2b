import type { IncomingMessage } from 'node:http'

/**
 * Returns why a request is refused, or undefined for requests of the playground's own page.
 *
 * The host name of another web site that resolves to this machine (DNS rebinding) differs from the
 * address that the playground listens on. A page of another origin sends `Origin` or fetch metadata
 * (https://www.w3.org/TR/fetch-metadata/). Following a link from another site to the page is allowed.
 */
export function originRefusal(request: IncomingMessage, listensOn: string): string | undefined {
  const { headers, socket } = request
  const { host = '', origin } = headers
  const names = ['localhost', listensOn, socket.localAddress ?? '']
  if (!names.map(normalizeAddress).includes(normalizeAddress(withoutPort(host))))
    return `"${host}" is not an address of this playground`
  if (origin !== undefined && origin !== `http://${host}`)
    return 'requests of other pages are refused'
  const site = headers['sec-fetch-site'] ?? 'none'
  const opensPage = headers['sec-fetch-mode'] === 'navigate' && request.url === '/'
  if (site === 'same-origin' || site === 'none' || opensPage) return undefined
  return 'requests of other pages are refused'
}

function withoutPort(host: string): string {
  return host.replace(/:\d+$/, '')
}

/** Node reports IPv4 clients of an IPv6 socket as `::ffff:127.0.0.1`. */
function normalizeAddress(name: string): string {
  return name
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/^::ffff:/, '')
}
