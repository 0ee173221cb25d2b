import { z } from 'zod'

/** Where to go back to afterwards, and why one was sent here. */
export const signInSearch = z.object({
  back: z.string().optional().catch(undefined),
  why: z.enum(['idle', 'forbidden']).optional().catch(undefined),
})
