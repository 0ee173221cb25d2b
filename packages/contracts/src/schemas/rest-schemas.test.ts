import { describe, expect, it } from 'vitest'
import { accepted, bindBody, emptyBody, emptyData, miniLoginBody } from './rest-schemas.ts'

const isValid = (body: unknown) => bindBody.safeParse(body).success
const password = { account: 'ming', password: 'correct horse' }

describe('the bodies of the plain-HTTP routes', () => {
  it('an appid may be left out, and anything unknown is refused', () => {
    expect(miniLoginBody.safeParse({ code: 'c' }).success).toBe(true)
    expect(miniLoginBody.safeParse({ appId: 'wx1', code: 'c' }).success).toBe(true)
    expect(miniLoginBody.safeParse({ appid: 'wx1', code: 'c' }).success).toBe(false)
    expect(emptyBody.safeParse({ code: 'c' }).success).toBe(false)
  })

  it.each([
    { ticket: 't', ...password },
    { ticket: 't', phoneCode: 'p' },
    { code: 'c', ...password },
    { appId: 'wx1', code: 'c', phoneCode: 'p' },
  ])('%j can bind', (body) => {
    expect(isValid(body)).toBe(true)
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
    expect(isValid(body)).toBe(false)
  })
})

describe('the envelope of an accepted call', () => {
  const envelope = accepted(emptyData)
  const reply = {
    success: true,
    code: 200,
    message: 'OK',
    datetime: '2026-01-01T00:00:00.000Z',
    traceId: 't',
    data: {},
  }

  it('has all of its keys', () => {
    expect(envelope.parse(reply)).toEqual(reply)
    for (const key of Object.keys(reply)) {
      const { [key]: _, ...rest } = reply as Record<string, unknown>
      expect(envelope.safeParse(rest).success, key).toBe(false)
    }
  })

  it.each([{ success: false }, { code: 201 }, { datetime: 'now' }, { data: null }])(
    'cannot say %j',
    (change) => {
      expect(envelope.safeParse({ ...reply, ...change }).success).toBe(false)
    },
  )
})
