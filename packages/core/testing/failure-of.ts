import { Failure } from '../src/index.ts'

/**
 * The Failure that a call is refused with.
 *
 * @throws Error where the call is not refused; what it threw where that is no Failure
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
