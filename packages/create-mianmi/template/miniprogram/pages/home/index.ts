import { sessionBehavior } from '@mianmi/wx-session/native'
import type { Note } from '../../../contract/router.ts'
import { api, session, signOut } from '../../session.ts'

Page({
  behaviors: [sessionBehavior(session)],

  data: { notes: [] as Note[], text: '', error: '' },

  onLoad() {
    return this.load()
  },

  /** Shows what failed instead of throwing, so that the page stays usable. */
  async attempt(work: () => Promise<void>) {
    this.setData({ error: '' })
    try {
      await work()
    } catch (error) {
      if (session.state.status === 'signedIn') this.setData({ error: (error as Error).message })
    }
  },

  load() {
    return this.attempt(async () => this.setData({ notes: await api.notes.list.query() }))
  },

  onInput({ detail }: WechatMiniprogram.Input) {
    this.setData({ text: detail.value })
  },

  add() {
    const { text } = this.data
    if (text.trim() === '') return
    return this.attempt(async () => {
      const note = await api.notes.add.mutate({ text })
      this.setData({ notes: [note, ...this.data.notes], text: '' })
    })
  },

  async signIn() {
    await session.signIn()
    return this.load()
  },

  signOut() {
    this.setData({ notes: [] })
    return signOut()
  },
})
