import type { ApiCallbacks, ApiResult, ApiReturn, CallApi } from '../api-call.ts'
import type { NetworkType } from '../device.ts'
import type { Privacy } from '../permission/privacy.ts'
import type { ScreenHost } from '../screen/screen-host.ts'
import { createListenerSet, type Foreground } from './foreground.ts'

export interface NetworkStatus {
  isConnected: boolean
  networkType: NetworkType
}

export interface UpdateManager {
  onCheckForUpdate(listener: (result: { hasUpdate: boolean }) => void): void
  onUpdateReady(listener: () => void): void
  onUpdateFailed(listener: () => void): void
  applyUpdate(): void
}

export interface ClipboardOptions extends ApiCallbacks {
  data: string
}

export interface ClipboardResult extends ApiResult {
  data: string
}

type AppShowListener = (opened: object) => void
type NetworkListener = (status: NetworkStatus) => void

export interface AppApi {
  onAppShow(listener: AppShowListener): void
  offAppShow(listener?: AppShowListener): void
  onAppHide(listener: () => void): void
  offAppHide(listener?: () => void): void
  onNetworkStatusChange(listener: NetworkListener): void
  offNetworkStatusChange(listener?: NetworkListener): void
  /** The newest version is always the one that runs. */
  getUpdateManager(): UpdateManager
  /** Says so in a toast, as the phone does. */
  setClipboardData<O extends ClipboardOptions>(options: O): ApiReturn<O, ApiResult>
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
  /** Calls its listener after each change of the network. */
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

/** A page's clipboard; in Node, and where a page may not have it, there is none. */
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
  let held = ''
  return {
    setClipboardData: (options) =>
      callApi('setClipboardData', options, async () => {
        await privacy.require('setClipboardData')
        held = String(options.data)
        // The real one too, where the page may: who copies wants to paste redirectEndpoint.
        await pageClipboard()
          ?.writeText(held)
          .catch(() => undefined)
        screen.showToast({ title: '内容已复制', icon: 'none', duration: 1500 })
        return {}
      }),
    getClipboardData: (options) =>
      callApi('getClipboardData', options, async () => {
        await privacy.require('getClipboardData')
        return { data: held }
      }),
  }
}
