import { expect, it } from 'vitest'
import { withToken } from './with-token.ts'

it('the token takes the place of another one, however its header is spelled', () => {
  const others = { Authorization: 'Bearer old', AUTHORIZATION: 'Basic x', authorization: 'y' }
  expect(withToken({ ...others, 'X-Trace': '1' }, 'new')).toEqual({
    'X-Trace': '1',
    authorization: 'Bearer new',
  })
})

it('without a token the headers stay as they are', () => {
  expect(withToken({ Authorization: 'Basic x' }, '')).toEqual({ Authorization: 'Basic x' })
  expect(withToken(undefined, '')).toEqual({})
})

it('the headers of the caller are not changed', () => {
  const own = { Authorization: 'Bearer old' }
  withToken(own, 'new')
  expect(own).toEqual({ Authorization: 'Bearer old' })
})
