import type { ApiCallbacks, ApiResult, ApiReturn, CallApi } from './api-call.ts'

/** The colour scheme of WeChat. */
export type Theme = 'light' | 'dark'
/** https://developers.weixin.qq.com/miniprogram/dev/api/open-api/account-info/wx.getAccountInfoSync.html */
export type EnvVersion = 'develop' | 'trial' | 'release'
/** https://developers.weixin.qq.com/miniprogram/dev/api/device/network/wx.getNetworkType.html */
export type NetworkType = 'wifi' | '2g' | '3g' | '4g' | '5g' | 'unknown' | 'none'

/** A rectangle in logical pixels, from the top left corner of the screen. */
export interface Rect {
  /** Distance of the left edge from the left of the screen. */
  left: number
  /** Distance of the top edge from the top of the screen. */
  top: number
  /** Distance of the right edge from the left of the screen. */
  right: number
  /** Distance of the bottom edge from the top of the screen. */
  bottom: number
  /** `right` minus `left`. */
  width: number
  /** `bottom` minus `top`. */
  height: number
}

/** https://developers.weixin.qq.com/miniprogram/dev/api/base/system/wx.getWindowInfo.html */
export interface WindowInfo {
  /** Device pixels for each logical pixel. */
  pixelRatio: number
  /** Logical pixels, as are all lengths here. */
  screenWidth: number
  /** The height of the whole screen. */
  screenHeight: number
  /** Distance of the page from the top of the screen. */
  screenTop: number
  /** The width of the page. */
  windowWidth: number
  /** The height of the page, below the navigation bar. */
  windowHeight: number
  /** The height of the status bar. */
  statusBarHeight: number
  /** The area that no notch or system bar covers. */
  safeArea: Rect
}

/** https://developers.weixin.qq.com/miniprogram/dev/api/base/system/wx.getDeviceInfo.html */
export interface DeviceInfo {
  /** The manufacturer. */
  brand: string
  /** The model. */
  model: string
  /** The operating system and its version. */
  system: string
  /** `devtools`, because this is not a phone. */
  platform: 'devtools'
}

/** https://developers.weixin.qq.com/miniprogram/dev/api/base/system/wx.getAppBaseInfo.html */
export interface AppBaseInfo {
  /** The version of the base library. */
  SDKVersion: string
  /** The version of WeChat. */
  version: string
  /** The language of WeChat. */
  language: string
  /** The colour scheme. */
  theme: Theme
  /** Whether debugging is enabled. */
  enableDebug: boolean
  /** The app that runs the mini program. */
  host: { appId: string }
}

/** What `wx.getAccountInfoSync` returns. */
export interface AccountInfo {
  /** The running mini program; `version` is empty except for a release. */
  miniProgram: { appId: string; envVersion: EnvVersion; version: string }
}

/** Result of `wx.getNetworkType`. */
export interface NetworkResult extends ApiResult {
  /** The current network. */
  networkType: NetworkType
}

/** Screen, device, account and network. */
export interface DeviceApi {
  /** The screen and the page area. */
  getWindowInfo(): WindowInfo
  /** The device. */
  getDeviceInfo(): DeviceInfo
  /** WeChat and the base library. */
  getAppBaseInfo(): AppBaseInfo
  /** All three of the above. */
  getSystemInfoSync(): WindowInfo & DeviceInfo & AppBaseInfo
  /** The capsule button at the top right. */
  getMenuButtonBoundingClientRect(): Rect
  /** The running mini program. */
  getAccountInfoSync(): AccountInfo
  /** The current network. */
  getNetworkType<O extends ApiCallbacks<NetworkResult>>(options?: O): ApiReturn<O, NetworkResult>
}

/** What the phone is. */
export interface DeviceOptions {
  /** Size of the screen in logical pixels; default: 375 × 812 at pixel ratio 3. */
  window?: Partial<WindowInfo> | undefined
  /** Default: `light`. A function is called at each use. */
  theme?: Theme | (() => Theme) | undefined
  /** Default: `wifi`; `none` fails every network API. A function is called at each use. */
  networkType?: NetworkType | (() => NetworkType) | undefined
  /** The version of the mini program that runs; default: `develop`. */
  envVersion?: EnvVersion | undefined
  /** The mini program's version number, which `wx` reports for a release only. */
  version?: string | undefined
}

/** The version of the base library that the behaviour follows. */
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
    // The appid of WeChat itself.
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

/** The current network of the phone. */
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
