import type { z } from 'zod'

/** Bad input: sent as HTTP 400 with this message. */
export class InputError extends Error {
  override name = 'InputError'
  readonly statusCode = 400
}

/** The phone number button fails on the phone: sent as HTTP 429 with this message and `errno`. */
export class PhoneQuotaError extends Error {
  override name = 'PhoneQuotaError'
  readonly statusCode = 429
  /** What the button's event carries as `errno`. */
  readonly errno: number

  constructor(message: string, errno: number) {
    super(message)
    this.errno = errno
  }
}

/**
 * Validates `input`, an object or its JSON text.
 *
 * @throws InputError with the path and message of the first issue
 */
export function parseInput<T>(schema: z.ZodType<T>, input: unknown): T {
  const result = schema.safeParse(typeof input === 'string' ? parseJson(input) : (input ?? {}))
  if (result.success) return result.data
  const [issue] = result.error.issues
  const where = issue?.path.join('.')
  throw new InputError(where ? `${where}: ${issue?.message}` : (issue?.message ?? 'bad input'))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new InputError('the body must be JSON')
  }
}
