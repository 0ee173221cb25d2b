import { Failure } from '../src/index.ts'

/**
 * Returns the Failure that a call rejects with.
 *
 * @throws Error where the call does not reject; the error of the call where it is not a Failure
 */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  const refusal = await call.then(
    () => null,
    (error: unknown) => error,
  )
  if (refusal === null) throw new Error('the call was not refused')
  if (!(refusal instanceof Failure)) throw refusal
  return refusal
}

export const reasonOf = async (call: Promise<unknown>): Promise<string> =>
  (await failureOf(call)).reason
