import { createHmac } from 'node:crypto'
import { z } from 'zod'
import type { Deadline } from '../transport/deadline.ts'
import type { Question } from '../transport/transport.ts'

/** A session key and whose it is. */
export interface SessionKey {
  openid: string
  sessionKey: string
}

interface Input extends SessionKey {
  token: string
  deadline: Deadline
}

// Said outright: a reply without errcode must not make a key valid.
const checked = z.object({ errcode: z.literal(0) })

const renewed = z
  .object({ openid: z.string().min(1).max(128), session_key: z.string().min(1).max(256) })
  .transform(({ openid, session_key }) => ({ openid, sessionKey: session_key }))

/** WeChat: checkSessionKey, `GET /wxa/checksession`. A stale key is answered with 87009. */
export function checkSessionKeyQuestion(input: Input): Question<unknown> {
  return {
    path: '/wxa/checksession',
    query: signed(input),
    shape: checked,
    deadline: input.deadline,
  }
}

/** WeChat: ResetUserSessionKey, `GET /wxa/resetusersessionkey`. */
export function resetSessionKeyQuestion(input: Input): Question<SessionKey> {
  return {
    path: '/wxa/resetusersessionkey',
    query: signed(input),
    shape: renewed,
    deadline: input.deadline,
  }
}

/** The key itself never travels: an HMAC of nothing under it shows that we hold it. */
function signed({ token, openid, sessionKey }: Input): Record<string, string> {
  const signature = createHmac('sha256', sessionKey).update('').digest('hex')
  return { access_token: token, openid, signature, sig_method: 'hmac_sha256' }
}
