/**
 * An object like `source` for one life of a mini program: once it is killed, what its code still
 * asks for is never done, so that a late reply cannot write into the next life.
 *
 * @param additions stand in where `source` itself has nothing of that name
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

// An instance of a class keeps its methods on the prototype.
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
