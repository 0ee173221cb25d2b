/**
 * The name of an option that is given more than once, of which `parseArgs` takes the last; null where there is none.
 *
 * @param tokens as `parseArgs` returns them
 */
export function repeatedOption(
  tokens: readonly { readonly kind: string; readonly name?: string }[],
): string | null {
  const names = tokens.flatMap(({ kind, name }) =>
    kind === 'option' && name !== undefined ? [name] : [],
  )
  return names.find((name, index) => names.indexOf(name) !== index) ?? null
}
