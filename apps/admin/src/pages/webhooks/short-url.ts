const longest = 36

/** An address without its scheme, cut where it is long: enough to tell webhooks apart. */
export function shortUrl(url: string): string {
  const rest = url.replace(/^https?:\/\//, '').replace(/\/$/, '')
  return rest.length > longest ? `${rest.slice(0, longest - 1)}…` : rest
}
