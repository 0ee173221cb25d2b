import { userToWire } from '@mianmi/contracts'
import * as schemas from '@mianmi/contracts/rest-schemas'
import {
  type Credential,
  Failure,
  type Proof,
  type Reason,
  type SignedIn,
  type Unbound,
  viewUser,
} from '@mianmi/core'
import { type RestCall, type RestReply, type RestRoute, restRoute } from './route.ts'

const wechatReasons: readonly Reason[] = [
  'app_unknown',
  'code_rejected',
  'code_used',
  'user_blocked',
  'wechat_rate_limited',
  'wechat_unavailable',
  'wechat_misconfigured',
]

/** The routes below `/auth`. The HTTP routes, `/openapi.json` and `/docs` are generated from this list. */
export const restRoutes: readonly RestRoute[] = [
  restRoute({
    method: 'POST',
    path: '/miniLogin',
    summary: 'Signs in the user of the phone, or returns a ticket to bind with.',
    signedIn: false,
    body: schemas.miniLoginBody,
    data: schemas.signInData,
    reasons: [...wechatReasons, 'user_disabled', 'rate_limited', 'forbidden'],
    async run(call, { appId, code }) {
      const { users, origin } = call
      return signInReply(
        call,
        await users.miniLogin({ appId: appId ?? onlyApp(call), code, origin }),
      )
    },
  }),
  restRoute({
    method: 'POST',
    path: '/bind',
    summary: 'Binds a WeChat identity to the account of a password or a phone number, once.',
    signedIn: false,
    body: schemas.bindBody,
    data: schemas.signInData,
    reasons: [
      ...wechatReasons,
      'ticket_rejected',
      'credential_rejected',
      'phone_rejected',
      'identity_taken',
      'account_taken',
      'user_disabled',
      'rate_limited',
      'forbidden',
    ],
    async run(call, body) {
      const proof = proofOf(call, body)
      const credential = credentialOf(body)
      return signInReply(call, await call.users.bind({ proof, credential, origin: call.origin }))
    },
  }),
  restRoute({
    method: 'GET',
    path: '/queryUserNow',
    summary: 'Returns the signed-in user.',
    signedIn: true,
    body: null,
    data: schemas.userData,
    reasons: ['user_disabled'],
    async run({ users, accessToken }) {
      const { user } = await users.authenticate(accessToken)
      return { data: userToWire(viewUser(user)) }
    },
  }),
  restRoute({
    method: 'POST',
    path: '/refresh',
    summary: 'Exchanges a refresh token for its successor and a new sid.',
    signedIn: false,
    body: schemas.refreshBody,
    data: schemas.renewedData,
    reasons: ['unauthenticated', 'user_disabled', 'forbidden'],
    async run({ users, origin }, { refreshToken }) {
      const tokens = await users.refresh({ refreshToken, origin })
      const { accessToken: sid } = tokens
      return { data: { sid, refreshToken: tokens.refreshToken }, sid }
    },
  }),
  restRoute({
    method: 'POST',
    path: '/logout',
    summary: 'Ends the session: its sid and its refresh token become invalid.',
    signedIn: true,
    body: schemas.emptyBody,
    data: schemas.emptyData,
    reasons: ['user_disabled', 'forbidden'],
    async run({ users, origin, accessToken }) {
      await users.signOut({ caller: await users.authenticate(accessToken), origin })
      return { data: {}, sid: null }
    },
  }),
]

/** @throws Failure `invalid_input` when several apps are configured, because none of them is the default */
function onlyApp({ appIds: [first, ...others] }: RestCall): string {
  if (first === undefined || others.length > 0)
    throw new Failure('invalid_input', { detail: 'appId is missing and several are configured' })
  return first
}

function proofOf(call: RestCall, body: schemas.BindBody): Proof {
  if ('ticket' in body) return { ticket: body.ticket }
  return { appId: body.appId ?? onlyApp(call), code: body.code }
}

function credentialOf(body: schemas.BindBody): Credential {
  if ('phoneCode' in body) return { type: 'phone', code: body.phoneCode }
  return { type: 'password', account: body.account, password: body.password }
}

function signInReply(call: RestCall, result: SignedIn | Unbound): RestReply<schemas.SignInData> {
  const { openid, unionid } = result.identity
  const identity = call.exposeOpenid
    ? { openId: openid, unionId: unionid }
    : { openId: null, unionId: null }
  if (result.status === 'unbound') {
    const signedOut = { sid: null, refreshToken: null, userId: null, newUser: false }
    return { data: { ...signedOut, ...identity, needVerify: true, ticket: result.ticket } }
  }
  const { tokens, user, newUser } = result
  const { accessToken: sid, refreshToken } = tokens
  const signedIn = { sid, refreshToken, userId: user.id, newUser }
  return { data: { ...signedIn, ...identity, needVerify: false, ticket: null }, sid }
}
