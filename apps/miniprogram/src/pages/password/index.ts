import { newPasswordError } from '../../account/credential.ts'
import { describeWith, noFailure, reasonOf } from '../../failure/failure.ts'
import { type Guard, guardedData, guardPage } from '../../session/guarded-page.ts'
import { api } from '../../session/session.ts'
import { textScale } from '../../session/text-scale.ts'

type ChangeEvent = WechatMiniprogram.CustomEvent<{ value: string }>

const noErrors = { currentError: '', nextError: '', failure: noFailure }

Page({
  data: { ...guardedData, ...noErrors, scale: textScale, hasAccount: true, saving: false },
  guard: null as Guard | null,
  current: '',
  next: '',

  onLoad() {
    this.guard = guardPage(this, async () => {
      const { user } = await api.me.query()
      return { hasAccount: user.account !== null }
    })
  },
  onUnload() {
    this.guard?.stop()
  },
  retry() {
    this.guard?.retry()
  },
  typeCurrent({ detail }: ChangeEvent) {
    this.current = detail.value
  },
  typeNext({ detail }: ChangeEvent) {
    this.next = detail.value
  },

  async submit() {
    if (this.data.saving) return
    const { current, next } = this
    const currentError = this.data.hasAccount && current === '' ? '请输入现在的密码' : ''
    const nextError = newPasswordError(next)
    this.setData({ ...noErrors, currentError, nextError })
    if (currentError || nextError) return
    this.setData({ saving: true })
    try {
      await api.account.changePassword.mutate({
        ...(current === '' ? {} : { currentPassword: current }),
        newPassword: next,
      })
      await wx.navigateBack()
      wx.showToast({ title: '密码已修改', icon: 'success' })
    } catch (error) {
      this.showError(error)
    }
    this.setData({ saving: false })
  },
  showError(error: unknown) {
    const reason = reasonOf(error)
    if (reason === 'credential_rejected') this.setData({ currentError: '现在的密码不正确' })
    else if (reason === 'invalid_input') this.setData({ nextError: '密码太常见或不符合要求' })
    else this.setData({ failure: describeWith({}, error) })
  },
})
