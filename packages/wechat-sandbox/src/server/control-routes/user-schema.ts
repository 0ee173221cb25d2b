import { z } from 'zod'
import { appIdPattern } from '../state/apps.ts'
import type { SandboxState } from '../state/sandbox-state.ts'
import { normalizeUserName } from '../user-identifiers.ts'

const maxNameLength = 64

/** A user's name, normalized. */
export const userNameSchema: z.ZodType<string> = z
  .string({ error: 'must be a name' })
  .transform(normalizeUserName)
  .refine((name) => name !== '', { error: 'must not be empty' })
  .refine((name) => [...name].length <= maxNameLength, {
    error: `must not be longer than ${maxNameLength} characters`,
  })

/** An appid that this sandbox accepts. */
export function appIdSchema({ apps }: SandboxState): z.ZodType<string> {
  return z
    .string({ error: 'must be an appid' })
    .regex(appIdPattern, { error: 'must be "wx" and 16 hexadecimal digits', abort: true })
    .refine((appId) => apps.has(appId), { error: 'is not an app of this sandbox' })
}
