import { describe, expect, it } from 'vitest'
import { bindBody, miniLoginBody, noBody } from './rest-schemas.ts'

const fits = (body: unknown) => bindBody.safeParse(body).success
const password = { account: 'ming', password: 'correct horse' }

describe('the bodies of the plain-HTTP routes', () => {
  it('an appid may be left out, and anything unknown is refused', () => {
    expect(miniLoginBody.safeParse({ code: 'c' }).success).toBe(true)
    expect(miniLoginBody.safeParse({ appId: 'wx1', code: 'c' }).success).toBe(true)
    expect(miniLoginBody.safeParse({ appid: 'wx1', code: 'c' }).success).toBe(false)
    expect(noBody.safeParse({ code: 'c' }).success).toBe(false)
  })

  it.each([
    { ticket: 't', ...password },
    { ticket: 't', phoneCode: 'p' },
    { code: 'c', ...password },
    { appId: 'wx1', code: 'c', phoneCode: 'p' },
  ])('%j can bind', (body) => {
    expect(fits(body)).toBe(true)
  })

  it.each([
    {},
    { ticket: 't' },
    password,
    { ticket: 't', code: 'c', ...password },
    { ticket: 't', appId: 'wx1', ...password },
    { ticket: 't', phoneCode: 'p', ...password },
    { ticket: 't', account: 'ming' },
    { ticket: 't', type: 'password', ...password },
  ])('%j cannot bind', (body) => {
    expect(fits(body)).toBe(false)
  })
})
