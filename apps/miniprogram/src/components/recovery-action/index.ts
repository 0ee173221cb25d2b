import type { Failure } from '../../failure/failure.ts'
import { goHome, signInAgain } from '../../session/open-sign-in.ts'

type Action = Failure['action']

/** '' when the page's own button offers the action. */
const labels: Record<Action, string> = {
  retry: '',
  signInAgain: '重新登录',
  showPrivacy: '查看隐私保护指引',
  openSettings: '打开权限设置',
  blocked: '先逛逛首页',
  contactAdmin: '怎样告诉管理员',
}

const run: Record<Action, (failure: Failure) => unknown> = {
  retry: () => undefined,
  signInAgain: () => signInAgain(),
  showPrivacy: () => wx.openPrivacyContract({ fail: showCannotOpen }),
  // Must be called directly in the tap.
  openSettings: () => wx.openSetting({ fail: showCannotOpen }),
  blocked: () => goHome(),
  // Shown and not copied: the clipboard is a private API and would need consent first.
  contactAdmin: ({ trace }) =>
    wx.showModal({
      title: '告诉管理员',
      content: `截图或抄下编号 ${trace}，发给这个小程序的管理员，凭它可以查到这次故障。`,
      showCancel: false,
      confirmText: '知道了',
    }),
}

function showCannotOpen(): void {
  wx.showToast({ title: '暂时打不开，请稍后再试', icon: 'none' })
}

/** The action that helps after a failure, beside the retry of the page. */
Component({
  properties: {
    /** `{ text, trace, action }` */
    failure: Object,
    /** The action that the page's own button offers. */
    ownAction: String,
  },
  data: { label: '' },
  observers: {
    'failure, ownAction'(failure: Partial<Failure> | null, ownAction: string) {
      const { text, action, trace } = failure ?? {}
      const isOffered =
        text && action && action !== ownAction && (action !== 'contactAdmin' || trace)
      this.setData({ label: isOffered ? labels[action] : '' })
    },
  },
  methods: {
    press() {
      const failure = this.data.failure as Failure
      run[failure.action](failure)
    },
  },
})
