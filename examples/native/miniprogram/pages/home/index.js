const { sessionBehavior } = require('@mianmi/wx-session/native') // sign-in
const { host } = require('../../config')
const session = require('../../session') // sign-in

Page({
  behaviors: [sessionBehavior(session)], // sign-in

  data: { orders: [], error: '' },

  onLoad() {
    this.unsubscribe = session.subscribe(() => this.load()) // user
    return this.load()
  },

  onUnload() {
    this.unsubscribe() // user
  },

  // What the page shows belongs to one user: another state drops it, and a late reply is not shown.
  async load() {
    const { state } = session // user
    const failure = state.status === 'offline' ? '登录失败，请重试' : '' // user
    this.setData({ orders: [], error: failure }) // user
    if (state.status !== 'signedIn') return // user
    try {
      const { statusCode, data } = await session.request({ url: `${host}/orders` })
      if (session.state !== state) return // user
      if (statusCode === 200) this.setData({ orders: data.orders })
      else this.setData({ error: `服务器返回 ${statusCode}` })
    } catch (error) {
      // A refused sign-in has no message: `exchange` has thrown the reply.
      if (session.state === state) this.setData({ error: error.message || '请求失败，请重试' }) // user
    }
  },

  // Where the state stays what it is, the list is fetched again.
  async signIn() {
    const { state } = session // user
    if ((await session.signIn()) === state) this.load() // sign-in
  },

  signOut() {
    session.signOut(() => session.request({ url: `${host}/logout`, method: 'POST' })) // sign-in
  },
})
