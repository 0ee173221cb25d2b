import { sessionBehavior } from '@mianmi/wx-session/native' // sign-in
import { api, session } from '../../session' // sign-in

Page({
  behaviors: [sessionBehavior(session)], // sign-in

  data: { orders: [] as { id: number; title: string }[], error: '' },

  onLoad() {
    return this.load()
  },

  async load() {
    this.setData({ error: '' })
    try {
      this.setData({ orders: await api.orders.query() })
    } catch (error) {
      if (session.state.status !== 'signedOut') this.setData({ error: (error as Error).message })
    }
  },

  async signIn() {
    await session.signIn() // sign-in
    return this.load()
  },

  signOut() {
    this.setData({ orders: [] })
    session.signOut(() => api.signOut.mutate()) // sign-in
  },
})
