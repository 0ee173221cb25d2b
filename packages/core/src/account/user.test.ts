import { describe, expect, it } from 'vitest'
import { maskPhone, type UserRecord, viewUser } from './user.ts'

describe('viewUser', () => {
  it('shows no password hash, and a masked phone number', () => {
    const user: UserRecord = {
      id: 'u1',
      account: 'alice',
      passwordHash: '$argon2id$secret',
      phone: '13800138000',
      phoneProvenAt: 1,
      nickname: null,
      avatarUrl: null,
      externalId: null,
      role: 'user',
      disabledAt: null,
      createdAt: 1,
    }
    const view = viewUser(user)
    expect(view.phone).toBe('138****8000')
    expect(JSON.stringify(view)).not.toContain('secret')
    expect(Object.keys(view)).not.toContain('disabledAt')
  })

  it('masks numbers of other countries and hides short ones completely', () => {
    expect(maskPhone('+85261234567')).toBe('+852****4567')
    expect(maskPhone('123456789')).toBe('1****6789')
    expect(maskPhone('12345678')).toBe('****')
  })
})
