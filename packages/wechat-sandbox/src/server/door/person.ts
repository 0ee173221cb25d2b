import { z } from 'zod'
import { normalName } from '../people.ts'
import { appIdPattern } from '../state/apps.ts'
import type { State } from '../state/state.ts'

const longestName = 64

export const userName: z.ZodType<string> = z
  .string({ error: 'must be a name' })
  .transform(normalName)
  .refine((name) => name !== '', { error: 'must not be empty' })
  .refine((name) => [...name].length <= longestName, {
    error: `must not be longer than ${longestName} characters`,
  })

export function appIdSchema({ apps }: State): z.ZodType<string> {
  return z
    .string({ error: 'must be an appid' })
    .regex(appIdPattern, { error: 'must be "wx" and 16 hexadecimal digits', abort: true })
    .refine((appId) => apps.has(appId), { error: 'is not an app of this sandbox' })
}
