import { describeFailure, noFailure } from '../../failure/failure.ts'
import { type Guard, guardedData, guardPage } from '../../session/guarded-page.ts'
import { loginCode } from '../../session/login-code.ts'
import { goHome } from '../../session/open-sign-in.ts'
import { api, session } from '../../session/session.ts'
import { textScale } from '../../session/text-scale.ts'

const confirmWord = '注销'
const losses = [
  '账号名、昵称、头像和手机号会从服务中删除',
  '所有设备上的登录都会结束',
  '微信绑定会解除，再来时是一个新用户',
]

Page({
  data: { ...guardedData, scale: textScale, confirmWord, losses, wordError: '', deleting: false },
  guard: null as Guard | null,
  typed: '',

  onLoad() {
    // Nothing to load: the page is the same for everyone who is signed in.
    this.guard = guardPage(this, async () => ({}))
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
  type(event: WechatMiniprogram.CustomEvent<{ value: string }>) {
    this.typed = event.detail.value.trim()
    if (this.data.wordError) this.setData({ wordError: '' })
  },

  async remove() {
    if (this.data.deleting) return
    if (this.typed !== confirmWord) {
      this.setData({ wordError: `请输入“${confirmWord}”两个字` })
      return
    }
    const { confirm } = await wx.showModal({
      title: '注销账号',
      content: '注销后不能恢复。',
      confirmText: '注销',
    })
    if (!confirm) return
    this.setData({ deleting: true, failure: noFailure })
    try {
      await api.account.delete.mutate({ confirm: true, code: await loginCode() })
    } catch (error) {
      this.setData({ failure: describeFailure(error), deleting: false })
      return
    }
    await session.signOut()
    await goHome()
    wx.showToast({ title: '账号已注销', icon: 'none' })
  },
})
