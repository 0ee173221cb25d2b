import { z } from 'zod'

/** Use cases return milliseconds; the wire has ISO 8601. */
export const time = z.number().transform((ms) => new Date(ms).toISOString())
export const id = z.string().min(1).max(64)
