import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { ApiRequest } from '../transport/call-policy.ts'
import type { Deadline } from '../transport/limits/deadline.ts'

/** A session key and the user it belongs to. */
export interface SessionKey {
  /** Identifies the user within the app. */
  openid: string
  /** The key, in base64, as WeChat sent it. It must never leave the server. */
  sessionKey: string
}

interface SessionKeyInput extends SessionKey {
  token: string
  deadline: Deadline
}

// errcode is required here: a reply without one must not make a key valid.
const checkSchema = z.object({ errcode: z.literal(0) })

const resetSchema = z
  .object({ openid: z.string().min(1).max(128), session_key: z.string().min(1).max(256) })
  .transform(({ openid, session_key }) => ({ openid, sessionKey: session_key }))

/**
 * checkSessionKey, `GET /wxa/checksession`. WeChat answers a stale key with errcode 87009.
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/checkSessionKey.html
 */
export function checkSessionKeyRequest(input: SessionKeyInput): ApiRequest<unknown> {
  return {
    path: '/wxa/checksession',
    query: signedQuery(input),
    replySchema: checkSchema,
    deadline: input.deadline,
  }
}

/**
 * ResetUserSessionKey, `GET /wxa/resetusersessionkey`.
 * https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/user-login/ResetUserSessionKey.html
 */
export function resetSessionKeyRequest(input: SessionKeyInput): ApiRequest<SessionKey> {
  return {
    path: '/wxa/resetusersessionkey',
    query: signedQuery(input),
    replySchema: resetSchema,
    deadline: input.deadline,
  }
}

/** The key itself is not sent: an HMAC of the empty string under the key proves that this server holds it. */
function signedQuery({ token, openid, sessionKey }: SessionKeyInput): Record<string, string> {
  const signature = createHmac('sha256', sessionKey).update('').digest('hex')
  return { access_token: token, openid, signature, sig_method: 'hmac_sha256' }
}
