import { type Guard, guardedData, guardPage } from '../../session/guarded-page.ts'
import { openSignIn } from '../../session/open-sign-in.ts'
import { api, session } from '../../session/session.ts'
import { textScale } from '../../session/text-scale.ts'
import { type ProfileView, profileView } from './profile-view.ts'

/** Guests see these links too; they open after sign-in. */
const links = [
  { label: '个人资料', to: '/pages/account/index', testid: 'open-account' },
  { label: '登录密码', to: '/pages/password/index', testid: 'open-password' },
  { label: '登录设备', to: '/pages/devices/index', testid: 'open-devices' },
  { label: '微信绑定', to: '/pages/bindings/index', testid: 'open-bindings' },
]

Page({
  data: { ...guardedData, scale: textScale, links, profile: null as ProfileView | null },
  guard: null as Guard | null,
  wasHidden: false,

  onLoad() {
    this.guard = guardPage(this, async () => ({ profile: profileView(await api.me.query()) }))
  },
  // Shows changes that were made on the other pages.
  onShow() {
    if (this.wasHidden && this.data.view === 'ready') this.showUser()
    this.wasHidden = false
    this.guard?.shown()
  },
  onHide() {
    this.wasHidden = true
  },
  onUnload() {
    this.guard?.stop()
  },
  async onPullDownRefresh() {
    await this.guard?.refresh()
    wx.stopPullDownRefresh()
  },

  showUser() {
    const { state } = session
    const { profile } = this.data
    if (state.status !== 'signedIn' || !profile) return
    this.setData({ profile: profileView({ user: state.user, session: profile.me.session }) })
  },
  retry() {
    this.guard?.retry()
  },
  open(event: WechatMiniprogram.CustomEvent) {
    const to = String(event.currentTarget.dataset['to'])
    if (this.data.view === 'guest') openSignIn(to)
    else wx.navigateTo({ url: to })
  },
  async signOut() {
    const { confirm } = await wx.showModal({
      title: '退出登录',
      content: '退出后，下次打开不会自动登录。',
      confirmText: '退出',
    })
    if (!confirm) return
    // Signed out at once; the request to the service may take longer.
    wx.showToast({ title: '已退出', icon: 'none' })
    await session.signOut(() => api.session.signOut.mutate())
  },
})
