import type { OnCall } from './call.ts'
import { createCall } from './call.ts'
import type { DeviceApi, DeviceOptions } from './device.ts'
import { createDevice } from './device.ts'
import type { DialogApi } from './dialogs.ts'
import { createDialogs } from './dialogs.ts'
import type { LoginApi } from './login.ts'
import { createLogin } from './login.ts'
import type { NavigationApi } from './navigation.ts'
import { createNavigation } from './navigation.ts'
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
}

export interface Wx extends LoginApi, StorageApi, NavigationApi, DialogApi, DeviceApi {
  request: Request
  nextTick(callback: () => void): void
  canIUse(schema: string): boolean
}

const components = new Set([
  'button',
  'button.open-type',
  'button.open-type.getPhoneNumber',
  'button.open-type.chooseAvatar',
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

  const wx: Wx = {
    ...createLogin({ call, onCall, client, person: () => ({ appId, user: user() }) }),
    request: createRequest({ appId, fetch, onCall }),
    ...createStorage(call, shelf),
    ...createNavigation(call, stage),
    ...createDialogs(call, stage),
    ...createDevice(call, appId, options),
    nextTick: (callback) => queueMicrotask(callback),
    canIUse: (schema) => components.has(schema) || Object.hasOwn(wx, schema.split('.')[0] ?? ''),
  }
  return wx
}
