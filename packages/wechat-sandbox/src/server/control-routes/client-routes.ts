import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { phoneButtonPath } from '../state/faults.ts'
import type { SandboxState } from '../state/sandbox-state.ts'
import { PhoneQuotaError, parseInput } from './parse-input.ts'
import { appIdSchema, userNameSchema } from './user-schema.ts'

/** What the WeChat app on a user's phone asks its server for: the codes of `wx.login` and of the button. */
export function registerClientRoutes(app: FastifyInstance, state: SandboxState): void {
  const { users, sessionKeys } = state
  const appUserSchema = z.object({ appId: appIdSchema(state), user: userNameSchema })

  app.post('/sandbox/login', async ({ body }) => {
    const appUser = parseInput(appUserSchema, body)
    // A login may rotate the key: data encrypted under the previous one no longer decrypts.
    sessionKeys.rotate(appUser.appId, users.openid(appUser.appId, appUser.user))
    return { code: state.loginCodes.issue(appUser) }
  })

  app.post(phoneButtonPath, async ({ body }) => {
    const appUser = parseInput(appUserSchema, body)
    if (state.faults.next(phoneButtonPath).kind === 'phoneQuota') {
      throw new PhoneQuotaError('the quota of phone numbers is used up', 1_400_001)
    }
    return { code: state.phoneCodes.issue(appUser) }
  })

  app.post('/sandbox/session', async ({ body }) => {
    const { appId, user } = parseInput(appUserSchema, body)
    return { valid: sessionKeys.current(appId, users.openid(appId, user)) !== undefined }
  })
}
