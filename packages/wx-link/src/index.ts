export {
  AbortControllerPolyfill,
  AbortSignalPolyfill,
  installAbortController,
} from './abort-controller.ts'
export { type WxLinkMeta, type WxLinkOptions, wxLink } from './link.ts'
export { linkError, WxLinkError, type WxLinkErrorKind } from './link-error.ts'
export type { WxReply, WxRequest, WxRequestOptions } from './wx-request.ts'
