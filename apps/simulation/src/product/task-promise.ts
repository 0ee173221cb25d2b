import { machine } from './machine.ts'

type Reaction<V, R> = ((value: V) => R | PromiseLike<R>) | null | undefined

const nativeThen = Promise.prototype.then as (fulfilled: unknown, rejected: unknown) => unknown

/** A promise as on iOS up to 15, where WeChat's base library runs each reaction as a task of its own. */
export class TaskPromise<T> extends Promise<T> {
  /** What the native `then` returns is not used. As a TaskPromise, it was a seventh of all promises of a run. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise
  }

  // biome-ignore lint/suspicious/noThenProperty: the class only overrides then
  override then<A = T, B = never>(
    fulfilled?: Reaction<T, A>,
    rejected?: Reaction<unknown, B>,
  ): Promise<A | B> {
    return new TaskPromise<A | B>((resolve, reject) => {
      const settle = { resolve, reject } as Settle
      nativeThen.call(
        this,
        asTask(fulfilled, settle) ?? resolve,
        asTask(rejected, settle) ?? reject,
      )
    })
  }
}

interface Settle {
  resolve(value: unknown): void
  reject(error: unknown): void
}

/** Returns how a reaction becomes a task that settles the promise it leads to; undefined where there is none. */
const asTask = <V>(
  reaction: Reaction<V, unknown>,
  { resolve, reject }: Settle,
): ((value: unknown) => void) | undefined =>
  reaction
    ? (value) =>
        machine().soon(() => {
          try {
            resolve(reaction(value as V))
          } catch (error) {
            reject(error)
          }
        })
    : undefined
