import type { AppApi } from './app/app-api.ts'
import { createAppApi } from './app/app-api.ts'
import { connect } from './app/companion.ts'
import { createForeground } from './app/foreground.ts'
import type { OnCall } from './call.ts'
import { createCall } from './call.ts'
import type { DeviceApi, DeviceOptions, NetworkType } from './device.ts'
import { createDevice, networkTypeOf } from './device.ts'
import type { DialogApi } from './dialogs.ts'
import { createDialogs } from './dialogs.ts'
import type { FileApi } from './files.ts'
import { createFiles } from './files.ts'
import type { LoginApi } from './login.ts'
import { createLogin } from './login.ts'
import type { NavigationApi } from './navigation.ts'
import { createNavigation } from './navigation.ts'
import { createAuthorizer } from './permission/authorize.ts'
import type { Coordinates, LocationApi } from './permission/location.ts'
import { createLocation } from './permission/location.ts'
import type { PermissionApi } from './permission/permission-api.ts'
import { createPermissionApi } from './permission/permission-api.ts'
import { createPermissions } from './permission/permissions.ts'
import type { PrivacyOptions } from './permission/privacy.ts'
import { createPrivacy } from './permission/privacy.ts'
import type { Request } from './request/request.ts'
import { createRequest } from './request/request.ts'
import { createSandboxClient } from './sandbox-client.ts'
import { createHeadlessStage } from './stage/headless-stage.ts'
import type { Stage } from './stage/stage.ts'
import type { StorageLike } from './storage/backing.ts'
import { createMemoryStorage } from './storage/backing.ts'
import { createShelf } from './storage/shelf.ts'
import type { StorageApi } from './storage/storage.ts'
import { createStorage } from './storage/storage.ts'

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
  stage?: Stage | undefined
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
  request: Request
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
  const stage = options.stage ?? createHeadlessStage()
  const backing = options.storage ?? createMemoryStorage()
  const client = createSandboxClient({ url: options.sandboxUrl, fetch })
  const shelf = createShelf(backing, () => `wx:${appId}:${user()}:`)
  const call = createCall(onCall)
  const foreground = createForeground()
  const networkType = (): NetworkType => networkTypeOf(options)
  const isOnline = (): boolean => networkType() !== 'none'
  const { watchNetwork } = options

  const wx: Wx = {
    ...createLogin({ call, onCall, client, isOnline, person: () => ({ appId, user: user() }) }),
    request: createRequest({ appId, fetch, onCall, foreground, isOnline }),
    ...createStorage(call, shelf),
    ...createNavigation(call, stage),
    ...createDialogs(call, stage),
    ...createFiles(call, stage, onCall),
    ...createDevice(call, appId, options),
    ...createGuarded({
      options,
      stage,
      call,
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

interface GuardedParts extends Omit<Parameters<typeof createAppApi>[0], 'privacy'> {
  options: WxOptions
  backing: StorageLike
  user: () => string
}

/** What a person is asked about first. */
function createGuarded(parts: GuardedParts): PermissionApi & LocationApi & AppApi {
  const { options, stage, call, foreground, backing, user } = parts
  const permissions = createPermissions(backing, options.appId, user)
  const { onCall } = options
  const privacy = createPrivacy({ stage, permissions, options: options.privacy ?? {}, onCall })
  const authorizer = createAuthorizer({ stage, permissions, privacy, onCall })
  connect({ stage, foreground, privacy, authorizer, onCall })
  return {
    ...createPermissionApi({ call, stage, authorizer, privacy, options: options.privacy ?? {} }),
    ...createLocation({ call, stage, authorizer, privacy, location: options.location }),
    ...createAppApi({ ...parts, privacy }),
  }
}
