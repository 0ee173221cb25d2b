export {
  AbortControllerPolyfill,
  AbortSignalPolyfill,
  installAbortController,
} from './abort-controller.ts'
export { type WxLinkOptions, wxLink } from './link.ts'
export { linkError, WxLinkError, type WxLinkErrorKind } from './wire/link-error.ts'
export type { WxLinkMeta } from './wire/terminating-link.ts'
export type { WxReply, WxRequest, WxRequestOptions } from './wire/wx-request.ts'
