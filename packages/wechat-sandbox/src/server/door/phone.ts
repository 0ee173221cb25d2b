import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { phoneButton } from '../state/faults.ts'
import type { State } from '../state/state.ts'
import { ButtonError, parseInput } from './input.ts'
import { appIdSchema, userName } from './person.ts'

/** For whoever plays the phone. */
export function registerPhone(app: FastifyInstance, state: State): void {
  const { people, sessionKeys } = state
  const person = z.object({ appId: appIdSchema(state), user: userName })

  app.post('/sandbox/login', async ({ body }) => {
    const who = parseInput(person, body)
    // A login may rotate the key, so that data encrypted just before does not decrypt any more.
    sessionKeys.rotate(who.appId, people.openid(who.appId, who.user))
    return { code: state.loginCodes.issue(who) }
  })

  app.post(phoneButton, async ({ body }) => {
    const who = parseInput(person, body)
    if (state.faults.next(phoneButton).kind === 'phoneQuota') {
      throw new ButtonError('the quota of phone numbers is used up', 1_400_001)
    }
    return { code: state.phoneCodes.issue(who) }
  })

  app.post('/sandbox/session', async ({ body }) => {
    const { appId, user } = parseInput(person, body)
    return { valid: sessionKeys.current(appId, people.openid(appId, user)) !== undefined }
  })
}
