import { type ZodType, z } from 'zod'
import type { Deadline } from '../transport/deadline.ts'
import type { Question } from '../transport/transport.ts'

export interface Code2Session {
  openid: string
  /** Signs and encrypts this user's data. It must never leave the server. */
  sessionKey: string
  /** Null while the mini program is not bound to an Open Platform account; it may appear later. */
  unionid: string | null
}

const reply: ZodType<Code2Session> = z
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

/** WeChat: auth.code2Session, `GET /sns/jscode2session`. It needs no access token. */
export function code2SessionQuestion(input: {
  appId: string
  secret: string
  code: string
  deadline: Deadline
}): Question<Code2Session> {
  return {
    path: '/sns/jscode2session',
    query: {
      appid: input.appId,
      secret: input.secret,
      js_code: input.code,
      grant_type: 'authorization_code',
    },
    shape: reply,
    deadline: input.deadline,
  }
}
