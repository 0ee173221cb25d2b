import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { normalName, openidOf } from '../people.ts'
import { appIdPattern } from '../state/apps.ts'
import { faultKinds } from '../state/faults.ts'
import type { State } from '../state/state.ts'
import { parseInput } from './input.ts'

const longestName = 64

const fault = z.strictObject({
  kind: z.enum(faultKinds, { error: `must be one of ${faultKinds.join(', ')}` }),
  times: z.int().positive().optional(),
  delayMs: z.int().nonnegative().max(600_000).optional(),
})

const since = z.object({ since: z.coerce.number().int().nonnegative().default(0) })

function personSchema({ apps }: State) {
  return z.object({
    appId: z
      .string({ error: 'must be an appid' })
      .regex(appIdPattern, { error: 'must be "wx" and 16 hexadecimal digits', abort: true })
      .refine((appId) => apps.has(appId), { error: 'is not an app of this sandbox' }),
    user: z
      .string({ error: 'must be a name' })
      .transform(normalName)
      .refine((name) => name !== '', { error: 'must not be empty' })
      .refine((name) => [...name].length <= longestName, {
        error: `must not be longer than ${longestName} characters`,
      }),
  })
}

/** For whoever plays the phone, and for whoever watches. */
export function registerPhone(app: FastifyInstance, state: State): void {
  const person = personSchema(state)

  app.post('/sandbox/login', async ({ body }) => {
    const who = parseInput(person, body)
    // A login may rotate the key, so that data encrypted just before does not decrypt any more.
    state.sessionKeys.rotate(openidOf(who.appId, who.user))
    return { code: state.loginCodes.issue(who) }
  })

  app.post('/sandbox/phone', async ({ body }) => ({
    code: state.phoneCodes.issue(parseInput(person, body)),
  }))

  app.post('/sandbox/session', async ({ body }) => {
    const { appId, user } = parseInput(person, body)
    return { valid: state.sessionKeys.current(openidOf(appId, user)) !== undefined }
  })

  app.post('/sandbox/fault', async ({ body }) => state.faults.set(parseInput(fault, body)))
  app.get('/sandbox/fault', async () => state.faults.current())

  app.get('/sandbox/calls', async ({ query }) => ({
    calls: state.calls.since(parseInput(since, query).since),
  }))
  app.delete('/sandbox/calls', async () => {
    state.calls.clear()
    return {}
  })
}
