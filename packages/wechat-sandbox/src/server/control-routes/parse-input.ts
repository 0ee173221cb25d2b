import type { z } from 'zod'

/** Becomes a 400 with this message. */
export class InputError extends Error {
  override name = 'InputError'
  readonly statusCode = 400
}

/** Becomes a 429 with this message: what the phone itself says to the mini program. */
export class PhoneQuotaError extends Error {
  override name = 'PhoneQuotaError'
  readonly statusCode = 429
  readonly errno: number

  constructor(message: string, errno: number) {
    super(message)
    this.errno = errno
  }
}

/** `input` is an object, or a JSON text of one. */
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
