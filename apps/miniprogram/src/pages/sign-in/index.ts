import {
  bindErrors,
  type CredentialInput,
  noFieldErrors,
  registerErrors,
} from '../../account/credential.ts'
import { describeFailure, describePhoneRefusal, noFailure } from '../../failure/failure.ts'
import { leaveSignIn } from '../../session/open-sign-in.ts'
import { privacy } from '../../session/privacy.ts'
import { session } from '../../session/session.ts'
import { textScale } from '../../session/text-scale.ts'
import {
  bindAccount,
  bindFailure,
  bindPhone,
  register,
  registerFieldErrors,
  signInWithWeChat,
} from './sign-in-requests.ts'

type Tab = 'bind' | 'register'
type BusyButton = '' | 'wechat' | 'phone' | 'form'
type ChangeEvent = WechatMiniprogram.CustomEvent<{ value: string }>
type PhoneEvent = WechatMiniprogram.CustomEvent<{ code?: string; errMsg?: string; errno?: number }>

const tabs: { value: Tab; label: string }[] = [
  { value: 'bind', label: '绑定已有账号' },
  { value: 'register', label: '注册新账号' },
]
const noErrors = { fieldErrors: noFieldErrors, failure: noFailure, phoneFailure: noFailure }

Page({
  data: {
    scale: textScale,
    view: 'starting' as 'starting' | 'wechat' | 'forms',
    tabs,
    tab: 'bind' as Tab,
    ...noErrors,
    /** The app's quota of phone numbers is used up. */
    isPhoneClosed: false,
    busy: '' as BusyButton,
  },
  input: { account: '', password: '' } as CredentialInput,
  to: '',
  working: false,
  unsubscribe: (): void => undefined,

  onLoad(query: Record<string, string | undefined>) {
    this.to = decodeURIComponent(query['to'] ?? '')
    this.showState()
    this.unsubscribe = session.subscribe(() => this.showState())
  },
  onUnload() {
    this.unsubscribe()
  },

  showState() {
    const { status } = session.state
    if (status === 'signedIn') return this.working ? undefined : this.leave()
    // The forms stay visible, because the person may be typing.
    if (this.data.view === 'forms' || (status === 'starting' && this.working)) return undefined
    const views = { starting: 'starting', unbound: 'forms', signedOut: 'wechat', offline: 'wechat' }
    const view = views[status] as typeof this.data.view
    return view === this.data.view ? undefined : this.setData({ view, ...noErrors })
  },
  chooseTab(event: WechatMiniprogram.CustomEvent<{ value: Tab }>) {
    this.setData({ tab: event.detail.value, ...noErrors })
  },
  typeAccount(event: ChangeEvent) {
    this.change({ account: event.detail.value })
  },
  typePassword(event: ChangeEvent) {
    this.change({ password: event.detail.value })
  },
  /** Removes the error of a field whose text has changed. */
  change(changed: Partial<CredentialInput>) {
    for (const field of Object.keys(changed) as (keyof CredentialInput)[]) {
      if (changed[field] === this.input[field]) continue
      this.input = { ...this.input, ...changed }
      const { fieldErrors } = this.data
      if (fieldErrors[field]) this.setData({ fieldErrors: { ...fieldErrors, [field]: '' } })
    }
  },

  async signIn() {
    const error = await this.attempt('wechat', signInWithWeChat)
    if (error) this.setData({ failure: describeFailure(error) })
  },
  agree(event: WechatMiniprogram.CustomEvent<{ buttonId: string }>) {
    privacy.agree(event.detail.buttonId)
  },
  async usePhone({ detail }: PhoneEvent) {
    const { code } = detail
    if (!code) {
      const cancelledText = '没有使用手机号，也可以用账号和密码'
      const { isClosed, failure } = describePhoneRefusal(detail, cancelledText)
      this.setData({ isPhoneClosed: isClosed, phoneFailure: failure })
      return
    }
    const error = await this.attempt('phone', () => bindPhone(code))
    if (error) this.setData({ phoneFailure: bindFailure(error) })
  },
  async submit() {
    const input = { account: this.input.account.trim(), password: this.input.password }
    const isNew = this.data.tab === 'register'
    const fieldErrors = isNew ? registerErrors(input) : bindErrors(input)
    this.setData({ fieldErrors })
    if (fieldErrors.account || fieldErrors.password) return
    const error = await this.attempt('form', () => (isNew ? register(input) : bindAccount(input)))
    if (!error) return
    const serviceErrors = isNew ? registerFieldErrors(error) : null
    this.setData(serviceErrors ? { fieldErrors: serviceErrors } : { failure: bindFailure(error) })
  },
  /** Runs one sign-in at a time. Opens the target page when it succeeds; returns its error otherwise. */
  async attempt(busy: BusyButton, signIn: () => Promise<void>): Promise<unknown> {
    if (this.working) return null
    this.working = true
    this.setData({ ...noErrors, busy })
    const error: unknown = await signIn().then(
      () => null,
      (thrown) => thrown ?? new Error('unknown'),
    )
    if (session.state.status === 'signedIn') {
      await this.welcome()
      return null
    }
    this.working = false
    this.setData({ busy: '' })
    this.showState()
    return error
  },
  async welcome() {
    this.unsubscribe()
    await leaveSignIn(this.to)
    wx.showToast({ title: '登录成功', icon: 'success' })
  },
  leave() {
    leaveSignIn(session.state.status === 'signedIn' ? this.to : '')
  },
})
