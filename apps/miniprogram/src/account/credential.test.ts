import { describe, expect, it } from 'vitest'
import { bindErrors, registerErrors } from './credential.ts'

const none = { account: '', password: '' }

describe('the checks before a request', () => {
  it('accept an old account with a short password for binding', () => {
    expect(bindErrors({ account: 'a b', password: '1' })).toEqual(none)
  })

  it('require both fields', () => {
    const errors = { account: '请输入账号', password: '请输入密码' }
    expect(bindErrors(none)).toEqual(errors)
    expect(registerErrors(none)).toEqual(errors)
  })

  it.each(['lin', '小林同学', 'a.b_c-d@e+1', 'x'.repeat(64)])(
    'accept the new account %s',
    (account) => {
      expect(registerErrors({ account, password: '12345678' })).toEqual(none)
    },
  )

  it.each(['l', 'li', 'a b c', 'lin!', 'a/b', 'a,b', '[lin]', 'x'.repeat(65)])(
    'reject the new account %s',
    (account) => {
      expect(registerErrors({ account, password: '12345678' }).account).not.toBe('')
    },
  )

  it('require at least 8 characters in a new password', () => {
    expect(registerErrors({ account: 'lin', password: '1234567' }).password).not.toBe('')
  })
})
