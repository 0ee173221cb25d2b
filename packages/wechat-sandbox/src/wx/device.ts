import type { ApiCallbacks, ApiResult, ApiReturn, CallApi } from './api-call.ts'

export type Theme = 'light' | 'dark'
export type EnvVersion = 'develop' | 'trial' | 'release'
export type NetworkType = 'wifi' | '2g' | '3g' | '4g' | '5g' | 'unknown' | 'none'

export interface Rect {
  left: number
  top: number
  right: number
  bottom: number
  width: number
  height: number
}

/** Logical pixels. */
export interface WindowInfo {
  pixelRatio: number
  screenWidth: number
  screenHeight: number
  screenTop: number
  windowWidth: number
  windowHeight: number
  statusBarHeight: number
  safeArea: Rect
}

export interface DeviceInfo {
  brand: string
  model: string
  system: string
  platform: 'devtools'
}

export interface AppBaseInfo {
  SDKVersion: string
  version: string
  language: string
  theme: Theme
  enableDebug: boolean
  host: { appId: string }
}

export interface AccountInfo {
  miniProgram: { appId: string; envVersion: EnvVersion; version: string }
}

export interface NetworkResult extends ApiResult {
  networkType: NetworkType
}

export interface DeviceApi {
  getWindowInfo(): WindowInfo
  getDeviceInfo(): DeviceInfo
  getAppBaseInfo(): AppBaseInfo
  getSystemInfoSync(): WindowInfo & DeviceInfo & AppBaseInfo
  getMenuButtonBoundingClientRect(): Rect
  getAccountInfoSync(): AccountInfo
  getNetworkType<O extends ApiCallbacks<NetworkResult>>(options?: O): ApiReturn<O, NetworkResult>
}

export interface DeviceOptions {
  /** The screen to speak of; 375 × 812 at ratio 3 when not given. */
  window?: Partial<WindowInfo> | undefined
  theme?: Theme | (() => Theme) | undefined
  networkType?: NetworkType | (() => NetworkType) | undefined
  /** `develop` when not given. */
  envVersion?: EnvVersion | undefined
  /** The mini program's own version, which the phone knows of a release only. */
  version?: string | undefined
}

/** The base library whose behaviour this object follows. */
const SDKVersion = '3.8.0'
const menuButton = { width: 87, height: 32, gap: 7 }
const navigationBarHeight = 44

export function createDeviceApi(
  callApi: CallApi,
  appId: string,
  options: DeviceOptions,
): DeviceApi {
  const { envVersion = 'develop', version = '' } = options
  const window = windowInfo(options.window ?? {})
  const device: DeviceInfo = {
    brand: 'devtools',
    model: 'mianmi sandbox',
    system: 'iOS 17.0',
    platform: 'devtools',
  }
  const base = (): AppBaseInfo => ({
    SDKVersion,
    version: '8.0.60',
    language: 'zh_CN',
    theme: resolveValue(options.theme) ?? 'light',
    enableDebug: false,
    // WeChat itself, as its own apps report it.
    host: { appId: 'wx5aa333606550dfd5' },
  })
  return {
    getWindowInfo: () => ({ ...window }),
    getDeviceInfo: () => ({ ...device }),
    getAppBaseInfo: base,
    getSystemInfoSync: () => ({ ...window, ...device, ...base() }),
    getMenuButtonBoundingClientRect: () => menuButtonRect(window),
    getAccountInfoSync: () => ({
      miniProgram: { appId, envVersion, version: envVersion === 'release' ? version : '' },
    }),
    getNetworkType: (callbacks) =>
      callApi('getNetworkType', callbacks, () => ({ networkType: networkTypeOf(options) })),
  }
}

export const networkTypeOf = ({ networkType }: DeviceOptions): NetworkType =>
  resolveValue(networkType) ?? 'wifi'

function resolveValue<T extends string>(value: T | (() => T) | undefined): T | undefined {
  return typeof value === 'function' ? value() : value
}

function windowInfo(overrides: Partial<WindowInfo>): WindowInfo {
  const { screenWidth = 375, screenHeight = 812, statusBarHeight = 44 } = overrides
  const bottom = screenHeight - 34
  return {
    pixelRatio: 3,
    screenWidth,
    screenHeight,
    screenTop: statusBarHeight + navigationBarHeight,
    windowWidth: screenWidth,
    windowHeight: screenHeight - statusBarHeight - navigationBarHeight,
    statusBarHeight,
    safeArea: {
      left: 0,
      top: statusBarHeight,
      right: screenWidth,
      bottom,
      width: screenWidth,
      height: bottom - statusBarHeight,
    },
    ...overrides,
  }
}

function menuButtonRect(window: WindowInfo): Rect {
  const right = window.screenWidth - menuButton.gap
  const top = window.statusBarHeight + (navigationBarHeight - menuButton.height) / 2
  return {
    left: right - menuButton.width,
    top,
    right,
    bottom: top + menuButton.height,
    width: menuButton.width,
    height: menuButton.height,
  }
}
