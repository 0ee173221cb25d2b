// sign-in: this file
import { createSession } from '@mianmi/wx-session'
import { host } from './config'

async function exchange(code) {
  const reply = await session.request({ url: `${host}/login`, method: 'POST', data: { code } })
  if (reply.statusCode !== 200) throw reply
  return reply.data
}

export const session = createSession({ wx: uni, exchange })
