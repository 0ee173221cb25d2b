export type { Authorized, AuthorizedOptions } from './session/authorized.ts'
export {
  type SessionReply,
  type SessionRequestOptions,
  type SessionWx,
  WxCallError,
} from './session/call-wx.ts'
export { createSession, type Session, type SessionOptions } from './session/session.ts'
export type { OnSessionEvent, SessionEvent } from './session/state/session-events.ts'
export {
  NotSignedInError,
  notSignedIn,
  type SessionState,
  type SignedIn,
  type Tokens,
  type Unbound,
} from './session/state/session-state.ts'
