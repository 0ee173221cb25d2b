import { z } from 'zod'

/** What the address holds of this page; whatever does not fit is left out. */
export const overviewSearch = z.object({
  days: z
    .union([z.literal(7), z.literal(14), z.literal(30), z.literal(90)])
    .optional()
    .catch(undefined),
})
