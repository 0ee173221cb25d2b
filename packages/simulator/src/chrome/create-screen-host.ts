import type { PullDown } from '../page/pull-down.ts'
import type { Router } from '../page/router.ts'
import type { Program } from '../program.ts'
import type { Manifest, ScreenHost } from '../screen-host.ts'
import type { TemporaryFiles } from '../wechat/temporary-files.ts'
import type { Phone } from './phone.ts'

/** The parts of the device that a screen host controls. */
export interface ScreenHostOptions {
  phone: Phone
  pullDown: PullDown
  program(): Program | undefined
  draw(): void
  isTapping(): boolean
  manifest: Manifest
  files: TemporaryFiles
}

/** Creates the screen host of a device: it draws on the phone in the document. */
export function createScreenHost(options: ScreenHostOptions): ScreenHost {
  const { phone, pullDown, program, draw } = options
  const navigate = async (go: (router: Router) => void): Promise<void> => {
    const current = program()
    if (!current) throw new Error('no mini program is running')
    pullDown.stop()
    go(current.router)
  }
  return {
    navigateTo: (url) => navigate((router) => router.navigateTo(url)),
    redirectTo: (url) => navigate((router) => router.redirectTo(url)),
    switchTab: (url) => navigate((router) => router.switchTab(url)),
    reLaunch: (url) => navigate((router) => router.reLaunch(url)),
    navigateBack: (delta) => navigate((router) => router.navigateBack(delta)),
    setNavigationBarTitle(title) {
      const top = program()?.router.stack().at(-1)
      if (top) top.title = title
      draw()
    },
    showToast: (toast) => phone.toast.show(toast),
    hideToast: () => phone.toast.hide(),
    showModal: (modal) => phone.dialogs.showModal(modal),
    showActionSheet: (items) => phone.dialogs.showActionSheet(items.map((text) => ({ text }))),
    stopPullDownRefresh: () => pullDown.stop(),
    showScopeDialog: (dialog) =>
      phone.dialogs.showRequest({
        ...dialog,
        denyText: '拒绝',
        allowText: '允许',
        testid: 'scope',
      }),
    showSettings: (items) => phone.dialogs.showSettings(items),
    isTapping: options.isTapping,
    manifest: options.manifest,
    readFile: options.files.read,
    compressImage: options.files.compressImage,
    // Each program replaces this with its own `connect`; see program.ts.
    connect: () => undefined,
  }
}
