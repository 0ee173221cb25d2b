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

export interface WxOptions extends DeviceOptions {
  appId: string
  /**
   * Who holds the phone; read at each login and each use of storage, because WeChat keeps
   * storage for each person apart.
   */
  user: string | (() => string)
  /** Base address of the sandbox server. */
  sandboxUrl: string
  /** The global one when not given, looked up at each call. */
  fetch?: typeof globalThis.fetch | undefined
  /** In memory when not given. Keys get the prefix `wx:APPID:USER:`. */
  storage?: StorageLike | undefined
  /** A headless one when not given. */
  screen?: ScreenHost | undefined
  /** Hears of every asynchronous call when it has ended, with nothing masked. */
  onCall?: OnCall | undefined
  /** Calls its listener after each change of `networkType`. */
  watchNetwork?: ((listener: () => void) => void) | undefined
  /** Where the phone is. */
  location?: Coordinates | (() => Coordinates) | undefined
  privacy?: PrivacyOptions | undefined
}

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
  request: RequestFunction
  nextTick(callback: () => void): void
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
])

/** The `wx` of a phone held by `user`, with the sandbox server as its WeChat. */
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

/** What a person is asked about first. */
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
