export { type SessionWx, WxCallError } from './call-wx.ts'
export { NotSignedInError, notSignedIn } from './not-signed-in.ts'
export { createSession, type Session, type SessionOptions } from './session.ts'
export type { SessionState, SignedIn, Tokens, Unbound } from './session-state.ts'
