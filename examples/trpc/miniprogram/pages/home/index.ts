import { sessionBehavior } from '@mianmi/wx-session/native' // sign-in
import { api, session } from '../../session' // sign-in

Page({
  behaviors: [sessionBehavior(session)], // sign-in

  data: { orders: [] as { id: number; title: string }[], error: '' },
  unsubscribe: () => {}, // user

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
      const orders = await api.orders.query()
      if (session.state === state) this.setData({ orders }) // user
    } catch (error) {
      if (session.state === state) this.setData({ error: (error as Error).message }) // user
    }
  },

  // Where the state stays what it is, the list is fetched again.
  async signIn() {
    const { state } = session // user
    if ((await session.signIn()) === state) this.load() // sign-in
  },

  signOut() {
    session.signOut(() => api.signOut.mutate()) // sign-in
  },
})
