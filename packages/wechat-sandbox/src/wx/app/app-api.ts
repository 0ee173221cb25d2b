import type { Answer, Call, Callbacks, Result } from '../call.ts'
import type { NetworkType } from '../device.ts'
import type { Privacy } from '../permission/privacy.ts'
import type { Stage } from '../stage/stage.ts'
import { createListeners, type Foreground } from './foreground.ts'

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

export interface ClipboardOptions extends Callbacks {
  data: string
}

export interface ClipboardResult extends Result {
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
  setClipboardData<O extends ClipboardOptions>(options: O): Answer<O, Result>
  getClipboardData<O extends Callbacks<ClipboardResult>>(options?: O): Answer<O, ClipboardResult>
}

interface Parts {
  call: Call
  stage: Stage
  foreground: Foreground
  privacy: Privacy
  networkType: () => NetworkType
  /** Calls its listener after each change of the network. */
  watchNetwork: ((listener: () => void) => void) | undefined
}

export function createAppApi(parts: Parts): AppApi {
  const { call, stage, foreground, privacy, networkType } = parts
  const network = createListeners<NetworkStatus>()
  parts.watchNetwork?.(() => {
    const type = networkType()
    network.tell({ isConnected: type !== 'none', networkType: type })
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
    ...createClipboard(call, stage, privacy),
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
  call: Call,
  stage: Stage,
  privacy: Privacy,
): Pick<AppApi, 'setClipboardData' | 'getClipboardData'> {
  let held = ''
  return {
    setClipboardData: (options) =>
      call('setClipboardData', options, async () => {
        await privacy.require('setClipboardData')
        held = String(options.data)
        // The real one too, where the page may: who copies wants to paste elsewhere.
        await pageClipboard()
          ?.writeText(held)
          .catch(() => undefined)
        stage.showToast({ title: '内容已复制', icon: 'none', duration: 1500 })
        return {}
      }),
    getClipboardData: (options) =>
      call('getClipboardData', options, async () => {
        await privacy.require('getClipboardData')
        return { data: held }
      }),
  }
}
