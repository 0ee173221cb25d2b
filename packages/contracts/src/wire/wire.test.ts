import type { SignedIn } from '@mianmi/core'
import { expect, it } from 'vitest'
import {
  identitiesToWire,
  meToWire,
  miniLoginToWire,
  sessionsToWire,
  signedInToWire,
  tokensToWire,
  userToWire,
} from './wire.ts'

/** Midnight of January `day` 2026 in UTC, in ms and on the wire: no two times of a test are the same. */
const at = (day: number) => Date.UTC(2026, 0, day)
const iso = (day: number) => `2026-01-0${day}T00:00:00.000Z`

const user = {
  id: 'u',
  account: 'ming',
  phone: '138****8000',
  nickname: 'Ming',
  avatarUrl: 'https://a.example/1.png',
  role: 'user',
  createdAt: at(1),
} as const
const wireUser = { ...user, createdAt: iso(1) }

const tokens = {
  accessToken: 'a',
  accessTokenExpiresAt: at(2),
  refreshToken: 'r',
  refreshTokenExpiresAt: at(3),
}
const wireTokens = {
  accessToken: 'a',
  accessTokenExpiresAt: iso(2),
  refreshToken: 'r',
  refreshTokenExpiresAt: iso(3),
}

const signedIn = {
  status: 'signedIn',
  tokens,
  user,
  newUser: true,
  identity: { appId: 'wx1', openid: 'o', unionid: null, key: { sealed: 's', fingerprint: 'f' } },
  unionidChanged: true,
  effects: [{ action: 'phone_moved', userId: 'other' }],
} as const satisfies SignedIn

it('a user is sent with all of its values', () => {
  expect(userToWire(user)).toEqual(wireUser)
})

it('each token is sent with its own expiry', () => {
  expect(tokensToWire(tokens)).toEqual(wireTokens)
})

it('a session is sent with each of its times, and without its counter', () => {
  const session = {
    id: 's',
    appId: 'wx1',
    userId: 'u',
    current: true,
    createdAt: at(1),
    lastSeenAt: at(2),
    expiresAt: at(3),
    rotatedAt: at(4),
    counter: 5,
    device: 'Phone',
  }
  expect(sessionsToWire([session, { ...session, current: false }])).toEqual([
    {
      id: 's',
      appId: 'wx1',
      current: true,
      createdAt: iso(1),
      lastSeenAt: iso(2),
      device: 'Phone',
    },
    {
      id: 's',
      appId: 'wx1',
      current: false,
      createdAt: iso(1),
      lastSeenAt: iso(2),
      device: 'Phone',
    },
  ])
})

it('an identity is sent with its app, and without its openid', () => {
  const sent = { appId: 'wx1', current: true, boundBy: 'phone', device: 'Phone' } as const
  const identity = { ...sent, boundAt: at(1), lastSeenAt: at(2), openid: 'o' }
  expect(identitiesToWire([identity])).toEqual([{ ...sent, boundAt: iso(1), lastSeenAt: iso(2) }])
})

it('a sign-in is sent without the identity and what is only audited', () => {
  const wire = { status: 'signedIn', tokens: wireTokens, user: wireUser, newUser: true }
  expect(signedInToWire(signedIn)).toEqual(wire)
  expect(miniLoginToWire(signedIn)).toEqual(wire)
  expect(signedInToWire({ ...signedIn, newUser: false })).toEqual({ ...wire, newUser: false })
})

it('an unbound identity is sent as its ticket alone', () => {
  const { identity } = signedIn
  const unbound = { status: 'unbound', ticket: 't', ticketExpiresAt: at(4), identity } as const
  expect(miniLoginToWire(unbound)).toEqual({
    status: 'unbound',
    ticket: 't',
    ticketExpiresAt: iso(4),
  })
})

it('the caller is sent with the times of the session', () => {
  const session = { id: 's', appId: 'wx1', userId: 'u', createdAt: at(2), expiresAt: at(3) }
  expect(meToWire({ session, user: { ...user, disabledAt: null } })).toEqual({
    user: wireUser,
    session: { id: 's', appId: 'wx1', createdAt: iso(2), expiresAt: iso(3) },
  })
})
