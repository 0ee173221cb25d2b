import type { Postgres, Transaction } from '../../connection/index.ts'

const refusal = Symbol('refusal')

interface Refusal<T> {
  readonly [refusal]: T
}

const isRefusal = <T>(value: unknown): value is Refusal<T> =>
  typeof value === 'object' && value !== null && refusal in value

/** What the steps of `allOr` return so that they change nothing. */
export function refuse<const T>(result: T): Refusal<T> {
  return { [refusal]: result }
}

/** Runs the steps in one transaction, which is rolled back when they return a refusal. */
export async function allOr<const T>(
  { transaction }: Pick<Postgres, 'transaction'>,
  names: readonly string[],
  steps: (tx: Transaction) => Promise<T | Refusal<T>>,
): Promise<T> {
  try {
    return await transaction(names, async (tx) => {
      const result = await steps(tx)
      if (isRefusal(result)) throw result
      return result as T
    })
  } catch (error) {
    if (isRefusal<T>(error)) return error[refusal]
    throw error
  }
}
