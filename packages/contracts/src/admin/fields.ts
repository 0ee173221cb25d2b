import { z } from 'zod'
import { text } from '../schemas/text.ts'

/** Use cases return milliseconds; the wire has ISO 8601. */
export const time = z.number().transform((ms) => new Date(ms).toISOString())
export const id = text.min(1).max(64)
