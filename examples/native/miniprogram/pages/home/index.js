const { sessionBehavior } = require('@mianmi/wx-session/native') // sign-in
const { host } = require('../../config')
const session = require('../../session') // sign-in

Page({
  behaviors: [sessionBehavior(session)], // sign-in

  data: { orders: [], error: '' },

  onLoad() {
    return this.load()
  },

  async load() {
    this.setData({ error: '' })
    try {
      const { statusCode, data } = await session.request({ url: `${host}/orders` })
      if (statusCode === 200) this.setData({ orders: data.orders })
      else this.setData({ error: `服务器返回 ${statusCode}` })
    } catch (error) {
      if (session.state.status !== 'signedOut') this.setData({ error: error.message })
    }
  },

  async signIn() {
    await session.signIn() // sign-in
    return this.load()
  },

  signOut() {
    this.setData({ orders: [] })
    session.signOut(() => session.request({ url: `${host}/logout`, method: 'POST' })) // sign-in
  },
})
