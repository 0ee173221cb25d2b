/**
 * Wraps `source` for one launch of a mini program. After the launch has ended, its methods do nothing
 * and return a promise that never settles, so that a late callback cannot affect the next launch.
 *
 * @param additions methods that are used where `source` has none of that name
 */
export function limitToLifetime<T extends object>(
  source: T,
  additions: Record<string, unknown>,
  isAlive: () => boolean,
): T {
  const limited: Record<string, unknown> = {}
  const add = (owner: object, name: string): void => {
    const value: unknown = Reflect.get(owner, name)
    limited[name] =
      typeof value === 'function'
        ? (...args: unknown[]) =>
            isAlive() ? value.apply(owner, args) : new Promise(() => undefined)
        : value
  }
  for (const name of Object.keys(additions)) add(additions, name)
  for (const name of namesOf(source)) add(source, name)
  return limited as T
}

// The methods of a class instance are on its prototype.
function namesOf(source: object): Set<string> {
  const names = new Set<string>()
  for (
    let owner: unknown = source;
    owner && owner !== Object.prototype;
    owner = Object.getPrototypeOf(owner)
  ) {
    for (const name of Object.getOwnPropertyNames(owner)) names.add(name)
  }
  names.delete('constructor')
  return names
}
