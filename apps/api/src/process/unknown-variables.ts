/** Names that other programs use and that are one edit away from a variable of this service. */
const foreignVariables = new Set(['HOSTS', 'PORTS', 'POST'])

export interface MisspelledVariable {
  /** As it stands in the environment. */
  readonly name: string
  /** The known variable that was probably meant. */
  readonly meant: string
}

/** The variables of an environment that are unknown and one edit away from a known one, sorted by name. */
export function findMisspelledVariables(
  env: Readonly<Record<string, string | undefined>>,
  known: readonly string[],
): MisspelledVariable[] {
  return Object.keys(env)
    .filter((name) => !known.includes(name) && !foreignVariables.has(name))
    .sort()
    .flatMap((name) => {
      const meant = known.find((variable) => isOneEditAway(name, variable))
      return meant === undefined ? [] : [{ name, meant }]
    })
}

/** One character added, removed or replaced, or two neighbours swapped; upper and lower case count as equal. */
function isOneEditAway(name: string, variable: string): boolean {
  const [a, b] = [name.toUpperCase(), variable]
  if (a === b) return true
  if (Math.abs(a.length - b.length) > 1) return false
  let start = 0
  while (start < a.length && a[start] === b[start]) start += 1
  const rest = (text: string, skip: number) => text.slice(start + skip)
  const isSwapped = a[start] === b[start + 1] && a[start + 1] === b[start]
  return (
    rest(a, 1) === rest(b, 1) ||
    rest(a, 1) === rest(b, 0) ||
    rest(a, 0) === rest(b, 1) ||
    (isSwapped && rest(a, 2) === rest(b, 2))
  )
}
