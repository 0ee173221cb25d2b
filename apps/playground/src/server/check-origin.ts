import type { IncomingMessage } from 'node:http'

/**
 * Why a request must not be served; undefined for those of our own page.
 *
 * A name that some web site points to this machine (DNS rebinding) never equals the address that
 * was listened on, and a page of another origin gives itself away by `Origin` or by
 * https://www.w3.org/TR/fetch-metadata/. Only opening the page by a link from elsewhere is harmless.
 */
export function originRefusal(request: IncomingMessage, listensOn: string): string | undefined {
  const { headers, socket } = request
  const { host = '', origin } = headers
  const names = ['localhost', listensOn, socket.localAddress ?? '']
  if (!names.map(bare).includes(bare(nameIn(host)))) return `"${host}" is not this playground`
  if (origin !== undefined && origin !== `http://${host}`) return 'another page may not call here'
  const site = headers['sec-fetch-site'] ?? 'none'
  const opensPage = headers['sec-fetch-mode'] === 'navigate' && request.url === '/'
  if (site === 'same-origin' || site === 'none' || opensPage) return undefined
  return 'another page may not call here'
}

function nameIn(host: string): string {
  return host.replace(/:\d+$/, '')
}

/** Node shows IPv4 callers of an IPv6 socket as `::ffff:127.0.0.1`. */
function bare(name: string): string {
  return name
    .toLowerCase()
    .replace(/^\[(.*)\]$/, '$1')
    .replace(/^::ffff:/, '')
}
