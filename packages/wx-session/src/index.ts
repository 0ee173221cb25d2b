export { type SessionWx, WxCallError } from './call-wx.ts'
export { createSession, type Session, type SessionOptions } from './session.ts'
export {
  NotSignedInError,
  notSignedIn,
  type SessionState,
  type SignedIn,
  type Tokens,
  type Unbound,
} from './session-state.ts'
