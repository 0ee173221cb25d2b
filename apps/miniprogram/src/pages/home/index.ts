import { displayName } from '../../account/display-name.ts'
import { greeting } from '../../date-text.ts'
import { openSignIn } from '../../session/open-sign-in.ts'
import { session } from '../../session/session.ts'
import { textScale } from '../../session/text-scale.ts'
import { type StateCard, stateCard } from './state-card.ts'

const steps = [
  { title: '打开小程序', text: '微信给出一次性凭证，服务用它认出你。' },
  { title: '绑定一次', text: '第一次来，绑定或注册一个账号。' },
  { title: '以后免密', text: '再打开就已登录，换手机也一样。' },
]

const promises = [
  '不登录也能浏览，不强制授权',
  '头像、手机号和位置，只在你点选时使用',
  '随时退出，退出后不会自动登录',
]

Page({
  data: {
    scale: textScale,
    status: session.state.status,
    card: null as StateCard | null,
    name: '',
    avatarUrl: '',
    greeting: '',
    retrying: false,
    steps,
    promises,
  },
  unsubscribe: (): void => undefined,

  onLoad() {
    this.showState()
    this.unsubscribe = session.subscribe(() => this.showState())
  },
  onShow() {
    this.setData({ greeting: greeting(new Date().getHours()) })
  },
  onUnload() {
    this.unsubscribe()
  },

  showState() {
    const { state } = session
    // A retry shows on its button; the card stays visible.
    if (state.status === 'starting' && this.data.retrying) return
    const user = state.status === 'signedIn' ? state.user : null
    this.setData({
      status: state.status,
      card: stateCard(state),
      name: user ? displayName(user) : '',
      avatarUrl: user?.avatarUrl ?? '',
    })
  },
  async retry() {
    if (this.data.retrying) return
    this.setData({ retrying: true })
    await session.signIn().catch(() => undefined)
    this.setData({ retrying: false })
    this.showState()
  },
  openSignIn() {
    openSignIn()
  },
  openProfile() {
    wx.switchTab({ url: '/pages/profile/index' })
  },
})
