/** Resolves `path` relative to the file `from`; a leading slash means the mini program's root. */
export function resolvePath(path: string, from: string): string {
  const base = path.startsWith('/') ? [] : from.split('/').slice(0, -1)
  const resolved: string[] = []
  for (const part of [...base, ...path.split('/')]) {
    if (part === '..') resolved.pop()
    else if (part !== '' && part !== '.') resolved.push(part)
  }
  return resolved.join('/')
}

/** The path and query of a page. */
export interface PageUrl {
  path: string
  query: Record<string, string>
}

/** Splits `pages/a/index?x=1`. As in WeChat, values are not decoded. */
export function parsePageUrl(url: string, from: string): PageUrl {
  const [path = '', search = ''] = url.split(/\?(.*)/s)
  const query: Record<string, string> = {}
  for (const pair of search.split('&')) {
    const [name, value = ''] = pair.split(/=(.*)/s)
    if (name) query[name] = value
  }
  return { path: resolvePath(path.replace(/\.html$/, ''), from), query }
}
