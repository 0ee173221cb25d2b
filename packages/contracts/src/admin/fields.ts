import { z } from 'zod'
import { text } from '../schemas/text.ts'

/** Use cases return milliseconds; the wire has ISO 8601. */
export const time = z.number().transform((ms) => new Date(ms).toISOString())
export const id = text.min(1).max(64)
/** A cursor may contain an account name in its normal form, which can be up to 18 times as long as the name. */
export const cursor = text.min(1).max(4_096).optional()
export const limit = z.int().min(1)
