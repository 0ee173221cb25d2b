export {
  AbortControllerPolyfill,
  AbortSignalPolyfill,
  installAbortController,
} from './abort-controller.ts'
export { type WxLinkOptions, wxLink } from './link.ts'
export { linkError, WxLinkError, type WxLinkErrorKind } from './wire/link-error.ts'
export type { WxLinkMeta, WxReply, WxRequest, WxRequestOptions } from './wire/wx-request.ts'
