export type {
  ApiCallbacks,
  ApiFailure,
  ApiResult,
  ApiReturn,
  CallRecord,
  OnCall,
} from './api-call.ts'
export type { NetworkStatus, UpdateManager } from './app/app-api.ts'
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
  RequestFunction,
  RequestOptions,
  RequestResult,
  RequestTask,
} from './request/request.ts'
export {
  type AppUser,
  createSandboxClient,
  type PhoneNumberDetail,
  type SandboxClient,
  type SandboxClientOptions,
} from './sandbox-client.ts'
export {
  createHeadlessScreen,
  type HeadlessPage,
  type HeadlessScreen,
  type HeadlessScreenOptions,
  type ScopeDialog,
} from './screen/headless-screen.ts'
export type {
  ImageCompression,
  Manifest,
  Modal,
  ScreenHost,
  SettingItem,
  Toast,
  ToastIcon,
  WxCallbacks,
} from './screen/screen-host.ts'
export type { StorageInfo } from './storage/scoped-storage.ts'
export { createMemoryStorage, type StorageLike } from './storage/storage-like.ts'
