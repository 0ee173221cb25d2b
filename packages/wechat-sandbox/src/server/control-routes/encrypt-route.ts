import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { phoneInfo } from '../api/phone-number.ts'
import type { SandboxState } from '../state/sandbox-state.ts'
import { InputError, parseInput } from './parse-input.ts'
import { appIdSchema, userNameSchema } from './user-schema.ts'

/**
 * Produces the encrypted data that `wx.getUserInfo` and the former getPhoneNumber give a mini program:
 * https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/signature.html
 */
export function registerEncryptRoute(app: FastifyInstance, state: SandboxState): void {
  const { users, sessionKeys, now } = state
  const request = z.strictObject({
    appId: appIdSchema(state),
    user: userNameSchema,
    data: z.record(z.string(), z.unknown(), { error: 'must be an object' }).optional(),
    previousKey: z.boolean().default(false),
    watermark: z
      .strictObject({ appid: z.string().optional(), timestamp: z.int().optional() })
      .optional(),
  })

  app.post('/sandbox/encrypt', async ({ body }) => {
    const { appId, user, previousKey, ...input } = parseInput(request, body)
    const openid = users.openid(appId, user)
    const key = previousKey
      ? sessionKeys.previous(appId, openid)
      : sessionKeys.current(appId, openid)
    if (key === undefined) {
      throw new InputError(`user: has no ${previousKey ? 'previous ' : ''}session key here`)
    }
    const data = input.data ?? phoneInfo(users.get(user))
    const timestamp = Math.floor(now() / 1000)
    const watermark = { timestamp, appid: appId, ...input.watermark }
    const rawData = JSON.stringify(data)
    return {
      ...encrypt(JSON.stringify({ ...data, watermark }), key),
      rawData,
      signature: createHash('sha1').update(rawData).update(key).digest('hex'),
    }
  })
}

function encrypt(text: string, key: string): { encryptedData: string; iv: string } {
  const iv = randomBytes(16)
  const cipher = createCipheriv('aes-128-cbc', Buffer.from(key, 'base64'), iv)
  const encryptedData = cipher.update(text, 'utf8', 'base64') + cipher.final('base64')
  return { encryptedData, iv: iv.toString('base64') }
}
