import { describeFailure } from '../../failure-text.ts'
import { api, session } from '../../session.ts'
import { type ProfileView, profileView } from './profile-view.ts'

Page({
  data: {
    view: 'loading' as 'loading' | 'guest' | 'failed' | 'ready',
    profile: null as ProfileView | null,
    failure: '',
    trace: '',
    busy: false,
  },
  /** Whose profile is shown or on its way; '' for nobody. */
  owner: '',
  unsubscribe: (): void => undefined,

  onLoad() {
    this.showState()
    this.unsubscribe = session.subscribe(() => this.showState())
  },
  onUnload() {
    this.unsubscribe()
  },
  async onPullDownRefresh() {
    if (this.owner) await this.load()
    wx.stopPullDownRefresh()
  },

  showState() {
    const { state } = session
    if (state.status === 'signedIn') {
      if (state.user.id !== this.owner) {
        this.owner = state.user.id
        this.setData({ view: 'loading', profile: null })
        this.load()
      }
      return
    }
    if (state.status === 'starting') {
      // A retry shows on its button, not as an empty page.
      if (!this.data.busy) this.setData({ view: 'loading' })
      return
    }
    this.owner = ''
    if (state.status === 'offline') this.showFailure(state.error)
    else this.setData({ view: 'guest', profile: null })
  },
  async load() {
    const { owner } = this
    try {
      const me = await api.me.query()
      // Somebody else may have signed in meanwhile: their profile is on its way.
      if (owner === this.owner) this.setData({ view: 'ready', profile: profileView(me) })
    } catch (error) {
      if (owner !== this.owner) return
      if (this.data.profile) wx.showToast({ title: describeFailure(error).text, icon: 'none' })
      else this.showFailure(error)
    }
  },
  showFailure(error: unknown) {
    const { text, trace } = describeFailure(error)
    this.setData({ view: 'failed', failure: text, trace, profile: null })
  },

  async retry() {
    if (this.data.busy) return
    this.setData({ busy: true })
    if (this.owner) await this.load()
    else await session.signIn().catch(() => undefined)
    this.setData({ busy: false })
    this.showState()
  },
  openSignIn() {
    wx.navigateTo({ url: '/pages/sign-in/index' })
  },
  async signOut() {
    const { confirm } = await wx.showModal({
      title: '退出登录',
      content: '退出后，下次打开不会自动登录。',
      confirmText: '退出',
    })
    if (!confirm) return
    // Signed out at once; telling the service may take as long as the network does.
    wx.showToast({ title: '已退出', icon: 'none' })
    await session.signOut(() => api.session.signOut.mutate())
  },
})
