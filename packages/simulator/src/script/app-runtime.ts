/** One life of a mini program: its code runs here, and what that code throws is looked after. */
export interface AppRuntime {
  isAlive(): boolean
  /** The object given to `App()`, an empty one before that. */
  app(): object
  setApp(app: object): void
  /** Runs code of the mini program; an error, thrown or in a promise, is reported. */
  run(action: () => unknown): unknown
  /** Calls a method of a page or of the app, if there is one. */
  callMethod(target: object, method: string, ...args: unknown[]): unknown
  report(error: unknown): void
  end(): void
}

/** @param tell is told each error, after which App.onError is */
export function createAppRuntime(tell: (error: unknown) => void): AppRuntime {
  let isAlive = true
  let app: object = {}

  const report = (error: unknown): void => {
    if (!isAlive) return
    tell(error)
    const onError: unknown = Reflect.get(app, 'onError')
    if (typeof onError === 'function') onError.call(app, describe(error))
  }
  const run = (action: () => unknown): unknown => {
    try {
      const result = action()
      if (result instanceof Promise) result.catch(report)
      return result
    } catch (error) {
      report(error)
      return undefined
    }
  }
  return {
    isAlive: () => isAlive,
    app: () => app,
    setApp(given) {
      app = given
    },
    run,
    callMethod(target, method, ...args) {
      const found: unknown = Reflect.get(target, method)
      return typeof found === 'function' ? run(() => found.apply(target, args)) : undefined
    },
    report,
    end() {
      isAlive = false
    },
  }
}

const describe = (error: unknown): string =>
  error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error)
