import type { SignedIn, Unbound, User } from '@mianmi/contracts'

export const lin: User = {
  id: 'u1',
  account: 'lin',
  phone: '138****8000',
  nickname: '小林',
  avatarUrl: null,
  role: 'user',
  createdAt: '2026-03-09T00:05:00.000Z',
}

export const unbound: Unbound = {
  status: 'unbound',
  ticket: 'ticket-1',
  ticketExpiresAt: '2099-01-01T00:00:00.000Z',
}

export const signedIn: SignedIn = {
  status: 'signedIn',
  tokens: {
    accessToken: 'access-1',
    accessTokenExpiresAt: '2099-01-01T00:00:00.000Z',
    refreshToken: 'refresh-1',
    refreshTokenExpiresAt: '2099-02-01T00:00:00.000Z',
  },
  user: lin,
  newUser: false,
}

export const me = {
  user: lin,
  session: {
    id: 's1',
    appId: 'wx6d69616e6d690001',
    createdAt: '2026-11-22T06:00:00.000Z',
    expiresAt: '2026-12-22T06:00:00.000Z',
  },
}
