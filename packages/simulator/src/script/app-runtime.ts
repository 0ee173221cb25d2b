/** Runs the code of one launch of a mini program and reports its errors. */
export interface AppRuntime {
  /** False after `end`. */
  isAlive(): boolean
  /** The object that was passed to `App()`; an empty object before. */
  app(): object
  /** Implements `App()`. */
  setApp(app: object): void
  /** Runs code of the mini program; an error that it throws or rejects with is reported. */
  run(action: () => unknown): unknown
  /** Calls a method of a page or of the app, where it exists. */
  callMethod(target: object, method: string, ...args: unknown[]): unknown
  /** The listeners of `wx.onError`. */
  errorListeners: Set<(message: string) => void>
  /** Reports an error to the simulator, then to App.onError and the listeners of `wx.onError`. */
  report(error: unknown): void
  /** Ends the launch: later errors are ignored. */
  end(): void
}

/** @param onError called with each error, before App.onError */
export function createAppRuntime(onError: (error: unknown) => void): AppRuntime {
  let isAlive = true
  let app: object = {}
  const errorListeners = new Set<(message: string) => void>()

  const report = (error: unknown): void => {
    if (!isAlive) return
    onError(error)
    const appOnError: unknown = Reflect.get(app, 'onError')
    const calls = [...errorListeners].map((listener) => () => listener(describe(error)))
    if (typeof appOnError === 'function') calls.unshift(() => appOnError.call(app, describe(error)))
    for (const call of calls) {
      try {
        call()
      } catch (fault) {
        // Not to the listeners again, which would not end.
        onError(fault)
      }
    }
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
    setApp(registered) {
      app = registered
    },
    run,
    callMethod(target, method, ...args) {
      const found: unknown = Reflect.get(target, method)
      return typeof found === 'function' ? run(() => found.apply(target, args)) : undefined
    },
    errorListeners,
    report,
    end() {
      isAlive = false
    },
  }
}

const describe = (error: unknown): string =>
  error instanceof Error ? `${error.message}\n${error.stack ?? ''}` : String(error)
