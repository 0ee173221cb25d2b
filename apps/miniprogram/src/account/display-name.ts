import type { User } from '@mianmi/contracts'

/** The first of nickname, account and phone number that is set. */
export function displayName(user: Pick<User, 'nickname' | 'account' | 'phone'>): string {
  return user.nickname ?? user.account ?? user.phone ?? '微信用户'
}
