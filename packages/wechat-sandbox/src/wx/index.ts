export type { Answer, Callbacks, CallRecord, Failure, OnCall, Result } from './call.ts'
export { createWx, type Wx, type WxOptions } from './create-wx.ts'
export type { EnvVersion, NetworkType, Rect, Theme, WindowInfo } from './device.ts'
export type {
  Request,
  RequestOptions,
  RequestResult,
  RequestTask,
} from './request/request.ts'
export {
  createSandboxClient,
  type Person,
  type PhoneDetail,
  type SandboxClient,
  type SandboxClientOptions,
} from './sandbox-client.ts'
export {
  createHeadlessStage,
  type HeadlessPage,
  type HeadlessStage,
  type HeadlessStageOptions,
} from './stage/headless-stage.ts'
export type { Modal, Stage, Toast, ToastIcon } from './stage/stage.ts'
export { createMemoryStorage, type StorageLike } from './storage/backing.ts'
export type { StorageInfo } from './storage/shelf.ts'
