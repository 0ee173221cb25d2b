import { appName } from '../../account/app-name.ts'
import { dayText, minuteText } from '../../date-text.ts'
import { describeWith, noFailure, reasonOf } from '../../failure/failure.ts'
import { type Guard, guardedData, guardPage } from '../../session/guarded-page.ts'
import { goHome } from '../../session/open-sign-in.ts'
import { api, session } from '../../session/session.ts'
import { textScale } from '../../session/text-scale.ts'
import { deviceName } from '../devices/device-view.ts'

interface Binding {
  appId: string
  name: string
  since: string
  lastSeen: string
  current: boolean
}

/** The page also shows a link to the page that sets a password: a number alone vouches for a limited time. */
const lastCredentialText = '这是你唯一的登录方式。先设置密码，就可以解除了'

const waysOfBinding = {
  register: '注册时绑定',
  password: '用密码绑定',
  phone: '用手机号绑定',
  unionid: '随同一微信自动绑定',
  admin: '由管理员合并',
  unknown: '绑定',
}

const confirmations = {
  here: {
    title: '解除绑定',
    content: '解除后，这个微信不再自动登录你的账号；再来时要重新绑定。',
    confirmText: '解除',
  },
  everywhere: {
    title: '在所有小程序解除',
    content: '这个微信在所有小程序里的绑定都会解除，已登录的设备立即退出。',
    confirmText: '全部解除',
  },
}

Page({
  data: {
    ...guardedData,
    scale: textScale,
    bindings: [] as Binding[],
    unbinding: '',
    isLast: false,
  },
  guard: null as Guard | null,

  onLoad() {
    this.guard = guardPage(this, async () => {
      const { identities } = await api.identity.list.query()
      return {
        bindings: identities.map(({ appId, boundAt, boundBy, lastSeenAt, device, current }) => ({
          appId,
          current,
          name: appName(appId, current),
          since: `${dayText(boundAt)} ${waysOfBinding[boundBy]}${device ? `，${deviceName(device)}` : ''}`,
          lastSeen: `最近使用 ${minuteText(lastSeenAt)}`,
        })),
      }
    })
  },
  onShow() {
    this.guard?.shown()
  },
  onUnload() {
    this.guard?.stop()
  },
  retry() {
    this.guard?.retry()
  },

  async unbind(event: WechatMiniprogram.CustomEvent) {
    if (this.data.unbinding) return
    const appId = String(event.currentTarget.dataset['id'])
    const everywhere = event.currentTarget.dataset['everywhere'] === true
    const { confirm } = await wx.showModal(confirmations[everywhere ? 'everywhere' : 'here'])
    if (!confirm) return
    this.setData({ unbinding: appId, failure: noFailure, isLast: false })
    try {
      await api.identity.unbind.mutate(everywhere ? { appId, everywhere } : { appId })
      await this.leave(appId)
    } catch (error) {
      const failure = describeWith({ last_credential: lastCredentialText }, error)
      this.setData({ failure, isLast: reasonOf(error) === 'last_credential' })
    }
    this.setData({ unbinding: '' })
  },
  /** The WeChat identity is not bound any more: without a sign-out, the session would last until the next launch. */
  async leave(appId: string) {
    const isThisApp = this.data.bindings.some((one) => one.current && one.appId === appId)
    if (!isThisApp) {
      await this.guard?.refresh()
      return
    }
    await session.signOut(() => api.session.signOut.mutate())
    await goHome()
    wx.showToast({ title: '已解除绑定', icon: 'success' })
  },
})
