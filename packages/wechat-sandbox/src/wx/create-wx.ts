import type { OnCall } from './api-call.ts'
import { createCallApi } from './api-call.ts'
import type { AppApi } from './app/app-api.ts'
import { createAppApi } from './app/app-api.ts'
import { connectScreenHost } from './app/connect-screen-host.ts'
import { createForeground } from './app/foreground.ts'
import type { DeviceApi, DeviceOptions, NetworkType } from './device.ts'
import { createDeviceApi, networkTypeOf } from './device.ts'
import type { DialogApi } from './dialogs.ts'
import { createDialogApi } from './dialogs.ts'
import type { FileApi } from './files.ts'
import { createFileApi } from './files.ts'
import type { LoginApi } from './login.ts'
import { createLoginApi } from './login.ts'
import type { NavigationApi } from './navigation.ts'
import { createNavigationApi } from './navigation.ts'
import { createAuthorizer } from './permission/authorize.ts'
import type { Coordinates, LocationApi } from './permission/location.ts'
import { createLocationApi } from './permission/location.ts'
import type { PermissionApi } from './permission/permission-api.ts'
import { createPermissionApi } from './permission/permission-api.ts'
import { createPermissions } from './permission/permissions.ts'
import type { PrivacyOptions } from './permission/privacy.ts'
import { createPrivacy } from './permission/privacy.ts'
import type { RequestFunction } from './request/request.ts'
import { createRequest } from './request/request.ts'
import { createSandboxClient } from './sandbox-client.ts'
import { createHeadlessScreen } from './screen/headless-screen.ts'
import type { ScreenHost } from './screen/screen-host.ts'
import { createScopedStorage } from './storage/scoped-storage.ts'
import type { StorageApi } from './storage/storage-api.ts'
import { createStorageApi } from './storage/storage-api.ts'
import type { StorageLike } from './storage/storage-like.ts'
import { createMemoryStorage } from './storage/storage-like.ts'

/** Options of {@link createWx}. */
export interface WxOptions extends DeviceOptions {
  /** The appid that the mini program runs under. */
  appId: string
  /**
   * The name of the user who holds the phone; read at each login and each use of storage, because
   * WeChat separates the storage of users.
   */
  user: string | (() => string)
  /** Base address of the sandbox server, such as `http://127.0.0.1:3101`. */
  sandboxUrl: string
  /** Default: the global `fetch`, looked up at each call. */
  fetch?: typeof globalThis.fetch | undefined
  /** Where stored data is kept; default: in memory. Keys get the prefix `wx:APPID:USER:`. */
  storage?: StorageLike | undefined
  /** What shows pages and dialogs; default: a headless screen. */
  screen?: ScreenHost | undefined
  /** Gets every asynchronous call when it has finished, with nothing masked. */
  onCall?: OnCall | undefined
  /** Registers the listener to call after each change of `networkType`. */
  watchNetwork?: ((listener: () => void) => void) | undefined
  /** What `wx.getLocation` returns; degrees. */
  location?: Coordinates | (() => Coordinates) | undefined
  /** The privacy contract of the mini program. */
  privacy?: PrivacyOptions | undefined
}

/** The part of WeChat's `wx` that the sandbox implements. */
export interface Wx
  extends LoginApi,
    StorageApi,
    NavigationApi,
    DialogApi,
    FileApi,
    DeviceApi,
    PermissionApi,
    LocationApi,
    AppApi {
  /** `wx.request`. */
  request: RequestFunction
  /** Runs `callback` after the current task. */
  nextTick(callback: () => void): void
  /** Whether an API or a component attribute such as `button.open-type.chooseAvatar` exists. */
  canIUse(schema: string): boolean
}

const components = new Set([
  'button',
  'button.open-type',
  'button.open-type.getPhoneNumber',
  'button.open-type.chooseAvatar',
  'button.open-type.agreePrivacyAuthorization',
  'button.open-type.openSetting',
  'input',
  'input.type',
  'input.type.nickname',
  'input.bindnicknamereview',
])

/**
 * Creates the `wx` object of a phone that `user` holds. Codes come from the sandbox server at
 * `sandboxUrl`; everything else runs in this process, in a browser or in Node.
 *
 * @example
 * const wx = createWx({
 *   appId: 'wx6d69616e6d690001',
 *   user: 'ann',
 *   sandboxUrl: 'http://127.0.0.1:3101',
 * })
 * wx.login({ success: ({ code }) => console.log(code), fail: console.error })
 *
 * @see https://developers.weixin.qq.com/miniprogram/dev/api/
 */
export function createWx(options: WxOptions): Wx {
  const { appId, fetch, onCall } = options
  const user = (): string => (typeof options.user === 'function' ? options.user() : options.user)
  const screen = options.screen ?? createHeadlessScreen()
  const backing = options.storage ?? createMemoryStorage()
  const client = createSandboxClient({ url: options.sandboxUrl, fetch })
  const storage = createScopedStorage(backing, () => `wx:${appId}:${user()}:`)
  const callApi = createCallApi(onCall)
  const foreground = createForeground()
  const networkType = (): NetworkType => networkTypeOf(options)
  const isOnline = (): boolean => networkType() !== 'none'
  const { watchNetwork } = options

  const wx: Wx = {
    ...createLoginApi({
      callApi,
      onCall,
      client,
      isOnline,
      appUser: () => ({ appId, user: user() }),
    }),
    request: createRequest({ appId, fetch, onCall, foreground, isOnline }),
    ...createStorageApi(callApi, storage),
    ...createNavigationApi(callApi, screen),
    ...createDialogApi(callApi, screen),
    ...createFileApi(callApi, screen, onCall),
    ...createDeviceApi(callApi, appId, options),
    ...createConsentApis({
      options,
      screen,
      callApi,
      foreground,
      networkType,
      watchNetwork,
      backing,
      user,
    }),
    nextTick: (callback) => queueMicrotask(callback),
    canIUse: (schema) => components.has(schema) || Object.hasOwn(wx, schema.split('.')[0] ?? ''),
  }
  return wx
}

interface ConsentApiDependencies extends Omit<Parameters<typeof createAppApi>[0], 'privacy'> {
  options: WxOptions
  backing: StorageLike
  user: () => string
}

/** The APIs that need the user's consent. */
function createConsentApis(
  dependencies: ConsentApiDependencies,
): PermissionApi & LocationApi & AppApi {
  const { options, screen, callApi, foreground, backing, user } = dependencies
  const permissions = createPermissions(backing, options.appId, user)
  const { onCall } = options
  const privacy = createPrivacy({ screen, permissions, options: options.privacy ?? {}, onCall })
  const authorizer = createAuthorizer({ screen, permissions, privacy, onCall })
  connectScreenHost({ screen, foreground, privacy, authorizer, onCall })
  return {
    ...createPermissionApi({
      callApi,
      screen,
      authorizer,
      privacy,
      options: options.privacy ?? {},
    }),
    ...createLocationApi({ callApi, screen, authorizer, privacy, location: options.location }),
    ...createAppApi({ ...dependencies, privacy }),
  }
}
