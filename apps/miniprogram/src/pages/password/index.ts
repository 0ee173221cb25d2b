import { newAccountError, newPasswordError } from '../../account/credential.ts'
import { describeWith, noFailure, reasonOf } from '../../failure/failure.ts'
import { type Guard, guardedData, guardPage } from '../../session/guarded-page.ts'
import { loginCode } from '../../session/login-code.ts'
import { api } from '../../session/session.ts'
import { textScale } from '../../session/text-scale.ts'

type ChangeEvent = WechatMiniprogram.CustomEvent<{ value: string }>

const noErrors = { currentError: '', accountError: '', nextError: '', failure: noFailure }

Page({
  data: {
    ...guardedData,
    ...noErrors,
    scale: textScale,
    hasAccount: true,
    needsName: false,
    saving: false,
  },
  guard: null as Guard | null,
  current: '',
  account: '',
  next: '',

  onLoad() {
    this.guard = guardPage(this, async () => {
      const { user } = await api.me.query()
      const hasAccount = user.account !== null
      if (!hasAccount) wx.setNavigationBarTitle({ title: '设置密码' })
      // A first password needs a name or a number to sign in with.
      return { hasAccount, needsName: !hasAccount && user.phone === null }
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
  typeCurrent({ detail }: ChangeEvent) {
    this.current = detail.value
  },
  typeAccount({ detail }: ChangeEvent) {
    this.account = detail.value
  },
  typeNext({ detail }: ChangeEvent) {
    this.next = detail.value
  },

  async submit() {
    if (this.data.saving) return
    const { current, next } = this
    const { hasAccount, needsName } = this.data
    const currentError = hasAccount && current === '' ? '请输入现在的密码' : ''
    const accountError = needsName && current === '' ? this.nameError() : ''
    const nextError = newPasswordError(next)
    this.setData({ ...noErrors, currentError, accountError, nextError })
    if (currentError || accountError || nextError) return
    this.setData({ saving: true })
    try {
      await api.account.changePassword.mutate(
        current === ''
          ? {
              code: await loginCode(),
              newPassword: next,
              ...(needsName ? { account: this.account } : {}),
            }
          : { currentPassword: current, newPassword: next },
      )
      await wx.navigateBack()
      wx.showToast({ title: '密码已保存', icon: 'success' })
    } catch (error) {
      this.showError(error)
    }
    this.setData({ saving: false })
  },
  nameError() {
    return this.account === '' ? '请输入账号' : newAccountError(this.account)
  },
  showError(error: unknown) {
    const reason = reasonOf(error)
    if (reason === 'credential_rejected') this.setData({ currentError: '现在的密码不正确' })
    else if (reason === 'account_taken') this.setData({ accountError: '账号名已被使用' })
    else if (reason === 'invalid_input') this.setData({ nextError: '密码太常见或不符合要求' })
    else this.setData({ failure: describeWith({}, error) })
  },
})
