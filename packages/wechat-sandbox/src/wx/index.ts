export type { NetworkStatus, UpdateManager } from './app/app-api.ts'
export type { Answer, Callbacks, CallRecord, Failure, OnCall, Result } from './call.ts'
export { createWx, type Wx, type WxOptions } from './create-wx.ts'
export type { EnvVersion, NetworkType, Rect, Theme, WindowInfo } from './device.ts'
export type {
  CompressedImage,
  CompressImageOptions,
  FileResult,
  FileSystemManager,
  ReadFileOptions,
} from './files.ts'
export type { AuthSetting } from './permission/authorize.ts'
export type { Coordinates, LocationResult } from './permission/location.ts'
export { createPermissions, type Permissions } from './permission/permissions.ts'
export type { PrivacyDecision, PrivacyListener, PrivacyOptions } from './permission/privacy.ts'
export { type Scope, scopes } from './permission/scope.ts'
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
  type ScopeDialog,
} from './stage/headless-stage.ts'
export type {
  Companion,
  Manifest,
  Modal,
  PictureSize,
  SettingItem,
  Stage,
  Toast,
  ToastIcon,
} from './stage/stage.ts'
export { createMemoryStorage, type StorageLike } from './storage/backing.ts'
export type { StorageInfo } from './storage/shelf.ts'
