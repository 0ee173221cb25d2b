import { faultsToBind, faultsToRegister, type Typed } from '../../credential.ts'
import { describeFailure } from '../../failure-text.ts'
import { proveWithTicket } from '../../proof.ts'
import { service } from '../../service.ts'
import { session } from '../../session.ts'
import { backToWhereTheyWere } from './leave.ts'

type Tab = 'bind' | 'register'
type ChangeEvent = WechatMiniprogram.CustomEvent<{ value: string }>

const tabs: { value: Tab; label: string }[] = [
  { value: 'bind', label: '绑定已有账号' },
  { value: 'register', label: '注册新账号' },
]

Page({
  data: {
    view: 'starting' as 'starting' | 'wechat' | 'forms',
    tabs,
    tab: 'bind' as Tab,
    accountFault: '',
    passwordFault: '',
    failure: '',
    trace: '',
    busy: false,
  },
  typed: { account: '', password: '' } as Typed,
  working: false,
  unsubscribe: (): void => undefined,

  onLoad() {
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
    this.setData({
      tab: event.detail.value,
      accountFault: '',
      passwordFault: '',
      failure: '',
      trace: '',
    })
  },
  typeAccount(event: ChangeEvent) {
    this.typed = { ...this.typed, account: event.detail.value }
    if (this.data.accountFault) this.setData({ accountFault: '' })
  },
  typePassword(event: ChangeEvent) {
    this.typed = { ...this.typed, password: event.detail.value }
    if (this.data.passwordFault) this.setData({ passwordFault: '' })
  },

  async signIn() {
    await this.attempt(async () => {
      const state = await session.signIn()
      if (state.status === 'offline') throw state.error
    })
  },
  async submit() {
    const typed = { account: this.typed.account.trim(), password: this.typed.password }
    const registering = this.data.tab === 'register'
    const faults = registering ? faultsToRegister(typed) : faultsToBind(typed)
    this.setData({ accountFault: faults.account, passwordFault: faults.password })
    if (faults.account || faults.password) return
    await this.attempt(() =>
      proveWithTicket((ticket) =>
        registering
          ? service.register.mutate({ proof: { ticket }, ...typed })
          : service.bind.mutate({
              proof: { ticket },
              credential: { type: 'password', ...typed },
            }),
      ),
    )
  },
  /** One attempt at a time; it ends signed in and back where the person was, or with a sentence. */
  async attempt(work: () => Promise<void>) {
    if (this.working) return
    this.working = true
    this.setData({ busy: true, failure: '', trace: '' })
    try {
      await work()
    } catch (error) {
      const { text, trace } = describeFailure(error)
      this.setData({ failure: text, trace })
    }
    if (session.state.status === 'signedIn') return this.welcome()
    this.working = false
    this.setData({ busy: false })
    this.showState()
  },
  async welcome() {
    this.unsubscribe()
    await backToWhereTheyWere()
    wx.showToast({ title: '登录成功', icon: 'success' })
  },
  leave() {
    backToWhereTheyWere()
  },
})
