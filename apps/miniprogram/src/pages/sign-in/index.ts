import { faultsToBind, faultsToRegister, noFaults, type Typed } from '../../account/credential.ts'
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
  registerFaults,
  signInWithWeChat,
} from './attempts.ts'

type Tab = 'bind' | 'register'
type Busy = '' | 'wechat' | 'phone' | 'form'
type ChangeEvent = WechatMiniprogram.CustomEvent<{ value: string }>
type PhoneEvent = WechatMiniprogram.CustomEvent<{ code?: string; errMsg?: string; errno?: number }>

const tabs: { value: Tab; label: string }[] = [
  { value: 'bind', label: '绑定已有账号' },
  { value: 'register', label: '注册新账号' },
]
const quiet = { faults: noFaults, failure: noFailure, phoneFailure: noFailure }

Page({
  data: {
    scale: textScale,
    view: 'starting' as 'starting' | 'wechat' | 'forms',
    tabs,
    tab: 'bind' as Tab,
    ...quiet,
    /** WeChat gives this app no numbers today: the password is the way. */
    isPhoneClosed: false,
    busy: '' as Busy,
  },
  typed: { account: '', password: '' } as Typed,
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
    // Once the forms are there they stay, whatever happens behind them: somebody is typing.
    if (this.data.view === 'forms' || (status === 'starting' && this.working)) return undefined
    const views = { starting: 'starting', unbound: 'forms', signedOut: 'wechat', offline: 'wechat' }
    return this.setData({ view: views[status] as typeof this.data.view })
  },
  chooseTab(event: WechatMiniprogram.CustomEvent<{ value: Tab }>) {
    this.setData({ tab: event.detail.value, ...quiet })
  },
  typeAccount(event: ChangeEvent) {
    this.change({ account: event.detail.value })
  },
  typePassword(event: ChangeEvent) {
    this.change({ password: event.detail.value })
  },
  /** What was typed anew is no longer what was found wrong. */
  change(typed: Partial<Typed>) {
    for (const field of Object.keys(typed) as (keyof Typed)[]) {
      if (typed[field] === this.typed[field]) continue
      this.typed = { ...this.typed, ...typed }
      if (this.data.faults[field]) this.setData({ faults: { ...this.data.faults, [field]: '' } })
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
      const refused = '没有使用手机号，也可以用账号和密码'
      const { isClosed, failure } = describePhoneRefusal(detail, refused)
      this.setData({ isPhoneClosed: isClosed, phoneFailure: failure })
      return
    }
    const error = await this.attempt('phone', () => bindPhone(code))
    if (error) this.setData({ phoneFailure: bindFailure(error) })
  },
  async submit() {
    const typed = { account: this.typed.account.trim(), password: this.typed.password }
    const isNew = this.data.tab === 'register'
    const faults = isNew ? faultsToRegister(typed) : faultsToBind(typed)
    this.setData({ faults })
    if (faults.account || faults.password) return
    const error = await this.attempt('form', () => (isNew ? register(typed) : bindAccount(typed)))
    if (!error) return
    const found = isNew ? registerFaults(error) : null
    this.setData(found ? { faults: found } : { failure: bindFailure(error) })
  },
  /** One attempt at a time; it ends signed in and where the person was going, or with its error. */
  async attempt(busy: Busy, work: () => Promise<void>): Promise<unknown> {
    if (this.working) return null
    this.working = true
    this.setData({ ...quiet, busy })
    const error: unknown = await work().then(
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
