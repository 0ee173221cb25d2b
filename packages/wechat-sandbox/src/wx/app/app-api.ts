import type { ApiCallbacks, ApiResult, ApiReturn, CallApi } from '../api-call.ts'
import type { NetworkType } from '../device.ts'
import type { Privacy } from '../permission/privacy.ts'
import type { ScreenHost } from '../screen/screen-host.ts'
import { createListenerSet, type Foreground } from './foreground.ts'

/** What `wx.onNetworkStatusChange` listeners get. */
export interface NetworkStatus {
  /** False for the type `none` only. */
  isConnected: boolean
  /** The network after the change. */
  networkType: NetworkType
}

/** https://developers.weixin.qq.com/miniprogram/dev/api/base/update/UpdateManager.html */
export interface UpdateManager {
  /** Calls `listener` with `hasUpdate: false`. */
  onCheckForUpdate(listener: (result: { hasUpdate: boolean }) => void): void
  /** Never calls `listener`. */
  onUpdateReady(listener: () => void): void
  /** Never calls `listener`. */
  onUpdateFailed(listener: () => void): void
  /** Does nothing. */
  applyUpdate(): void
}

/** Options of `wx.setClipboardData`. */
export interface ClipboardOptions extends ApiCallbacks {
  /** The text to copy. */
  data: string
}

/** Result of `wx.getClipboardData`. */
export interface ClipboardResult extends ApiResult {
  /** The copied text; empty at first. */
  data: string
}

type AppShowListener = (opened: object) => void
type NetworkListener = (status: NetworkStatus) => void

/** Life cycle of the app, network status, updates and clipboard. */
export interface AppApi {
  /** `listener` gets the launch options. */
  onAppShow(listener: AppShowListener): void
  /** Removes `listener`, or all listeners. */
  offAppShow(listener?: AppShowListener): void
  /** The app goes to the background. */
  onAppHide(listener: () => void): void
  /** Removes `listener`, or all listeners. */
  offAppHide(listener?: () => void): void
  /** The network changes; see `WxOptions.watchNetwork`. */
  onNetworkStatusChange(listener: NetworkListener): void
  /** Removes `listener`, or all listeners. */
  offNetworkStatusChange(listener?: NetworkListener): void
  /** The running version is always the newest one. */
  getUpdateManager(): UpdateManager
  /** Shows a toast, as the phone does. Needs privacy consent. */
  setClipboardData<O extends ClipboardOptions>(options: O): ApiReturn<O, ApiResult>
  /** Needs privacy consent. */
  getClipboardData<O extends ApiCallbacks<ClipboardResult>>(
    options?: O,
  ): ApiReturn<O, ClipboardResult>
}

interface AppApiDependencies {
  callApi: CallApi
  screen: ScreenHost
  foreground: Foreground
  privacy: Privacy
  networkType: () => NetworkType
  /** Registers the listener to call after each change of the network. */
  watchNetwork: ((listener: () => void) => void) | undefined
}

export function createAppApi(dependencies: AppApiDependencies): AppApi {
  const { callApi, screen, foreground, privacy, networkType } = dependencies
  const network = createListenerSet<NetworkStatus>()
  dependencies.watchNetwork?.(() => {
    const type = networkType()
    network.emit({ isConnected: type !== 'none', networkType: type })
  })
  return {
    onAppShow: foreground.onShow,
    offAppShow: foreground.offShow,
    onAppHide: foreground.onHide,
    offAppHide: foreground.offHide,
    onNetworkStatusChange: network.add,
    offNetworkStatusChange: network.remove,
    getUpdateManager: () => ({
      onCheckForUpdate: (listener) => queueMicrotask(() => listener({ hasUpdate: false })),
      onUpdateReady: () => undefined,
      onUpdateFailed: () => undefined,
      applyUpdate: () => undefined,
    }),
    ...createClipboard(callApi, screen, privacy),
  }
}

/** The browser's clipboard; undefined in Node and in an insecure context. */
function pageClipboard(): { writeText(text: string): Promise<void> } | undefined {
  const { navigator } = globalThis as {
    navigator?: { clipboard?: { writeText(text: string): Promise<void> } }
  }
  return navigator?.clipboard
}

function createClipboard(
  callApi: CallApi,
  screen: ScreenHost,
  privacy: Privacy,
): Pick<AppApi, 'setClipboardData' | 'getClipboardData'> {
  let clipboardText = ''
  return {
    setClipboardData: (options) =>
      callApi('setClipboardData', options, async () => {
        await privacy.require('setClipboardData')
        clipboardText = String(options.data)
        // Also to the system clipboard where the browser permits it, for pasting elsewhere.
        await pageClipboard()
          ?.writeText(clipboardText)
          .catch(() => undefined)
        screen.showToast({ title: '内容已复制', icon: 'none', duration: 1500 })
        return {}
      }),
    getClipboardData: (options) =>
      callApi('getClipboardData', options, async () => {
        await privacy.require('getClipboardData')
        return { data: clipboardText }
      }),
  }
}
