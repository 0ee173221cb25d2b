import type { User } from '@mianmi/contracts'

/** What to call a person who may have told us nothing about themselves. */
export function displayName(user: Pick<User, 'nickname' | 'account' | 'phone'>): string {
  return user.nickname ?? user.account ?? user.phone ?? '微信用户'
}
