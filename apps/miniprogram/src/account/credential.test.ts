import { describe, expect, it } from 'vitest'
import { faultsToBind, faultsToRegister } from './credential.ts'

const none = { account: '', password: '' }

describe('what is checked before the service is asked', () => {
  it('lets an old account with a short password be tried', () => {
    expect(faultsToBind({ account: 'a b', password: '1' })).toEqual(none)
  })

  it('wants both fields', () => {
    const faults = { account: '请输入账号', password: '请输入密码' }
    expect(faultsToBind(none)).toEqual(faults)
    expect(faultsToRegister(none)).toEqual(faults)
  })

  it.each(['lin', '小林同学', 'a.b_c-d@e+1', 'x'.repeat(64)])(
    'takes the new account %s',
    (account) => {
      expect(faultsToRegister({ account, password: '12345678' })).toEqual(none)
    },
  )

  it.each(['l', 'li', 'a b c', 'lin!', 'a/b', 'a,b', '[lin]', 'x'.repeat(65)])(
    'refuses the new account %s',
    (account) => {
      expect(faultsToRegister({ account, password: '12345678' }).account).not.toBe('')
    },
  )

  it('wants at least 8 characters in a new password', () => {
    expect(faultsToRegister({ account: 'lin', password: '1234567' }).password).not.toBe('')
  })
})
