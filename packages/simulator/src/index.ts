export type { CompiledApp } from './compiled-app.ts'
export {
  createSimulator,
  type PageState,
  type Simulator,
  type SimulatorOptions,
} from './simulator.ts'
export type {
  Companion,
  Manifest,
  Modal,
  PictureSize,
  SettingItem,
  Stage,
  Theme,
  Toast,
} from './stage.ts'
export type { OpenTypeEnd, OpenTypes, PhoneOwner } from './wechat/wechat.ts'
