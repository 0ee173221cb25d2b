export type { Code2Session } from './code-to-session.ts'
export type { PhoneNumber } from './phone-number.ts'
export { createWechat, type Wechat, type WechatOptions } from './wechat.ts'
export { WechatError, type WechatErrorDetails, type WechatErrorKind } from './wechat-error.ts'
