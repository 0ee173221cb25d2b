import type { AppRouter } from '@mianmi/contracts'
import type { inferRouterOutputs } from '@trpc/server'
import { displayName } from '../../account/display-name.ts'
import { dayText, minuteText } from '../../date-text.ts'

export type Me = inferRouterOutputs<AppRouter>['me']

interface Row {
  label: string
  value: string
  testid: string
}

export interface ProfileView {
  me: Me
  name: string
  avatarUrl: string
  since: string
  account: Row[]
  session: Row[]
}

const roles: Record<Me['user']['role'], string> = { user: '普通用户', admin: '管理员' }

export function profileView(me: Me): ProfileView {
  const { user, session } = me
  return {
    me,
    name: displayName(user),
    avatarUrl: user.avatarUrl ?? '',
    since: `${dayText(user.createdAt)}加入`,
    account: [
      { label: '账号', value: user.account ?? '未设置', testid: 'profile-account' },
      { label: '昵称', value: user.nickname ?? '未设置', testid: 'profile-nickname' },
      { label: '手机', value: user.phone ?? '未绑定', testid: 'profile-phone' },
      { label: '身份', value: roles[user.role], testid: 'profile-role' },
    ],
    session: [
      { label: '开始于', value: minuteText(session.createdAt), testid: 'profile-session-start' },
      { label: '有效期至', value: minuteText(session.expiresAt), testid: 'profile-session-end' },
    ],
  }
}
