import { type ZodType, z } from 'zod'
import type { ApiRequest } from '../transport/call-policy.ts'
import type { Deadline } from '../transport/limits/deadline.ts'

/** Who a code of `wx.login` belongs to. */
export interface Code2Session {
  /** Identifies the user within this app. */
  openid: string
  /** Signs and encrypts this user's data. It must never leave the server. */
  sessionKey: string
  /**
   * Identifies the user across the apps of one Open Platform account. Null while the mini program is not bound to
   * such an account; it may appear later.
   */
  unionid: string | null
}

const replySchema: ZodType<Code2Session> = z
  .object({
    openid: z.string().min(1).max(128),
    session_key: z.string().min(1).max(256),
    unionid: z.string().max(128).nullish(),
  })
  .transform(({ openid, session_key, unionid }) => ({
    openid,
    sessionKey: session_key,
    unionid: unionid || null,
  }))

/**
 * code2Session, `GET /sns/jscode2session`. It needs no access token.
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/code2Session.html
 */
export function code2SessionRequest(input: {
  appId: string
  secret: string
  code: string
  deadline: Deadline
}): ApiRequest<Code2Session> {
  return {
    path: '/sns/jscode2session',
    query: {
      appid: input.appId,
      secret: input.secret,
      js_code: input.code,
      grant_type: 'authorization_code',
    },
    replySchema,
    deadline: input.deadline,
  }
}
