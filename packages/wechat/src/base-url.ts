const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/**
 * Checks the base address of WeChat's server API. Plain http would send the app secret in clear text, so it is
 * accepted for loopback addresses only.
 *
 * @throws TypeError, whose message never contains the address
 */
export function parseBaseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null) throw new TypeError('baseUrl is not a URL')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new TypeError('baseUrl must be https')
  }
  if (url.protocol === 'http:' && !loopback.test(url.hostname)) {
    throw new TypeError('baseUrl must be https unless it is a loopback address')
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new TypeError('baseUrl must have no user, password, query or fragment')
  }
  return url
}
