import { machine } from './machine.ts'

type Reaction<V, R> = ((value: V) => R | PromiseLike<R>) | null | undefined

/** A promise as on iOS up to 15, where WeChat's base library runs each reaction as a task of its own. */
export class TaskPromise<T> extends Promise<T> {
  // biome-ignore lint/suspicious/noThenProperty: the class only overrides then
  override then<A = T, B = never>(
    fulfilled?: Reaction<T, A>,
    rejected?: Reaction<unknown, B>,
  ): Promise<A | B> {
    return super.then(asTask(fulfilled), asTask(rejected))
  }
}

function asTask<V, R>(reaction: Reaction<V, R>): Reaction<V, R> {
  if (!reaction) return reaction
  return (value) =>
    new Promise((resolve, reject) => {
      machine().soon(() => {
        try {
          resolve(reaction(value))
        } catch (error) {
          reject(error)
        }
      })
    })
}
