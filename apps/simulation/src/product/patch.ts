/** A change of a source file of the product, by which a known fault is brought back. */
export interface Patch {
  /** Path in the repository. */
  readonly file: string
  /** Occurs in the file exactly once. */
  readonly find: string
  readonly replace: string
}

/** @throws Error where the text is not there exactly once: the source has changed, and the patch has to follow it */
export function patchSource(source: string, { file, find, replace }: Patch): string {
  const parts = source.split(find)
  if (parts.length !== 2)
    throw new Error(`${file}: the text of a patch is there ${parts.length - 1} times:\n${find}`)
  return parts.join(replace)
}
