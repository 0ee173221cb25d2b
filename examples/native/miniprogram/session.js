// sign-in: this file
const { createSession } = require('@mianmi/wx-session')
const { host } = require('./config')

async function exchange(code) {
  const reply = await session.request({ url: `${host}/login`, method: 'POST', data: { code } })
  if (reply.statusCode !== 200) throw reply
  return reply.data
}

const session = createSession({ wx, exchange })

module.exports = session
