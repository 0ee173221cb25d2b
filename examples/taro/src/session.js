// sign-in: this file
import { createSession } from '@mianmi/wx-session'
import Taro from '@tarojs/taro'
import { host } from './config'

async function exchange(code) {
  const reply = await session.request({ url: `${host}/login`, method: 'POST', data: { code } })
  if (reply.statusCode !== 200) throw reply
  return reply.data
}

export const session = createSession({ wx: Taro, exchange })

session.launch()
