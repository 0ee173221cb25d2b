export type { CompiledApp } from './compiled-app.ts'
export type {
  ImageCompression,
  Manifest,
  Modal,
  ScreenHost,
  SettingItem,
  Theme,
  Toast,
  WxCallbacks,
} from './screen-host.ts'
export {
  createSimulator,
  type PageState,
  type Simulator,
  type SimulatorOptions,
} from './simulator.ts'
export type {
  NicknameReview,
  OpenTypeHandlers,
  OpenTypeRecord,
  PhoneOwner,
} from './wechat/wechat-services.ts'
