import { rolldown } from 'rolldown'
import type { createSession } from '../../src/index.ts'

let waiting = 0
let reactions = 0

/** The number of reactions that have run as a task of their own. */
export const taskReactions = (): number => reactions

type Reaction<V, R> = ((value: V) => R | PromiseLike<R>) | null | undefined

/** A promise as on iOS up to 15, where WeChat's base library runs each reaction as a separate task. */
class TaskPromise<T> extends Promise<T> {
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
  return (value) => {
    waiting += 1
    reactions += 1
    return nextTask().then(() => {
      waiting -= 1
      return reaction(value)
    })
  }
}

const nextTask = () => new Promise<void>((resolve) => setImmediate(resolve))

/** Runs everything that waits for no request, for as many tasks as that takes. */
export async function settleTasks(): Promise<void> {
  for (let quiet = 0; quiet < 2; quiet += 1) {
    await nextTask()
    if (waiting > 0) quiet = -1
  }
}

/** `createSession` lowered to a target where async functions are promises, with TaskPromise as `Promise`. */
export async function createSessionWithTasks(): Promise<typeof createSession> {
  const build = await rolldown({
    input: new URL('../../src/index.ts', import.meta.url).pathname,
    platform: 'neutral',
    transform: { target: 'es2016' },
    resolve: { conditionNames: ['import'] },
  })
  const { output } = await build.generate({ format: 'cjs', exports: 'named' })
  await build.close()
  const { code } = output[0]
  if (/\basync\b/.test(code.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, ''))) throw new Error('not lowered')
  const module: { createSession?: typeof createSession } = {}
  new Function('Promise', 'exports', code)(TaskPromise, module)
  if (!module.createSession) throw new Error('the bundle exports no createSession')
  return module.createSession
}
