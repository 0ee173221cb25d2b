import { describe, expect, it } from 'vitest'
import { NotSignedInError, notSignedIn } from './session-state.ts'

describe('notSignedIn', () => {
  it('finds the error itself and the error as a cause', () => {
    const error = new NotSignedInError({ status: 'signedOut' })
    expect(notSignedIn(error)).toBe(error)
    expect(notSignedIn(new Error('wrapped', { cause: error }))).toBe(error)
    // An error of another JavaScript context is no instance of this one's Error.
    expect(notSignedIn({ name: 'Error', cause: error })).toBe(error)
    expect(error).toMatchObject({
      name: 'NotSignedInError',
      message: 'Not signed in: signedOut',
      state: { status: 'signedOut' },
    })
  })

  it.each([[new Error('x')], [new Error('x', { cause: new Error('y') })], ['text'], [null]])(
    'is null for %o',
    (other) => {
      expect(notSignedIn(other)).toBeNull()
    },
  )
})
