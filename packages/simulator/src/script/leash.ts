/**
 * The `wx` object for one life of a mini program: once it is killed, what its code still asks for
 * is never done, so that a late reply cannot write into the next life.
 */
export function leash(
  wx: object,
  additions: Record<string, unknown>,
  isAlive: () => boolean,
): object {
  const bound = new Map<PropertyKey, unknown>()
  return new Proxy(wx, {
    get(target, name) {
      const value: unknown =
        Reflect.get(target, name) ?? (typeof name === 'string' ? additions[name] : undefined)
      if (typeof value !== 'function') return value
      let guarded = bound.get(name)
      if (!guarded) {
        guarded = (...args: unknown[]) =>
          isAlive() ? value.apply(target, args) : new Promise(() => undefined)
        bound.set(name, guarded)
      }
      return guarded
    },
    has: (target, name) => Reflect.has(target, name) || Object.hasOwn(additions, name),
  })
}
