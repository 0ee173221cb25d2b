import type { Failure } from '../../failure/failure.ts'
import { goHome, signInAgain } from '../../session/open-sign-in.ts'

type Action = Failure['action']

/** '' where the page's own button already is the way on. */
const texts: Record<Action, string> = {
  retry: '',
  signInAgain: '重新登录',
  showPrivacy: '查看隐私保护指引',
  openSettings: '打开权限设置',
  blocked: '先逛逛首页',
  tellOperator: '怎样告诉管理员',
}

const walks: Record<Action, (failure: Failure) => unknown> = {
  retry: () => undefined,
  signInAgain: () => signInAgain(),
  showPrivacy: () => wx.openPrivacyContract({ fail: shut }),
  // Directly in the tap, as WeChat demands.
  openSettings: () => wx.openSetting({ fail: shut }),
  blocked: () => goHome(),
  // Shown, not copied: the clipboard counts as private, and would need consent first.
  tellOperator: ({ trace }) =>
    wx.showModal({
      title: '告诉管理员',
      content: `截图或抄下编号 ${trace}，发给这个小程序的管理员，凭它可以查到这次故障。`,
      showCancel: false,
      confirmText: '知道了',
    }),
}

function shut(): void {
  wx.showToast({ title: '暂时打不开，请稍后再试', icon: 'none' })
}

/** The way on from a failure, beside the retry that a page offers anyway. */
Component({
  properties: {
    /** `{ text, trace, action }` */
    failure: Object,
    /** An action that the page's own button does. */
    own: String,
  },
  data: { label: '' },
  observers: {
    'failure, own'(failure: Partial<Failure> | null, own: string) {
      const { text, action, trace } = failure ?? {}
      const isOffered = text && action && action !== own && (action !== 'tellOperator' || trace)
      this.setData({ label: isOffered ? texts[action] : '' })
    },
  },
  methods: {
    walk() {
      const failure = this.data.failure as Failure
      walks[failure.action](failure)
    },
  },
})
