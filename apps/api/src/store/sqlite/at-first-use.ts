/**
 * The statements of all stores together take a fifth of a start to prepare, and a start needs few of them. So a store is
 * created when one of its verbs is first called.
 *
 * @param create must not read or write: its errors would come with a call instead of the start
 * @example const users = createAtFirstUse(() => createUserStore(database))
 */
export function createAtFirstUse<Value extends object>(create: () => Value): Value {
  let value: Value | null = null
  return new Proxy({} as Value, {
    get(_target, name) {
      value ??= create()
      return Reflect.get(value, name)
    },
  })
}

/** Creates a value of `createAtFirstUse` before its first use: reading any property does. */
export function createNow(value: object): void {
  Reflect.get(value, 'constructor')
}
