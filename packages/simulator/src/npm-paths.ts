/**
 * Where a package of `miniprogram_npm` may be, for code in the file `from`: in the folder of that file, then in each
 * folder above it, up to the root.
 *
 * Source: https://developers.weixin.qq.com/miniprogram/dev/devtools/npm.html
 *
 * @param wanted name of a package, or of a file in it, such as `name/sub`
 */
export function npmPaths(wanted: string, from: string): string[] {
  if (/^[./]/.test(wanted)) return []
  const folders = from.split('/').slice(0, -1)
  return [...folders.keys(), folders.length]
    .reverse()
    .map((depth) => [...folders.slice(0, depth), 'miniprogram_npm', wanted].join('/'))
}
