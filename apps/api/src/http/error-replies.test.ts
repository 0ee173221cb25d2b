import { Failure } from '@mianmi/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { detailOf } from './error-replies.ts'

function thrown(work: () => unknown): unknown {
  try {
    work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}

describe('the detail of a refusal in the log', () => {
  it('names the place of a fault, but neither its value nor an unknown key', () => {
    const schema = z.strictObject({ code: z.string(), list: z.array(z.int()) })
    const error = thrown(() => schema.parse({ code: 7, list: [1, 'hunter2'], hunter3: 1 }))
    expect(detailOf(error)).toBe(
      'invalid_type at /code, invalid_type at /list/1, unrecognized_keys at /',
    )
  })

  it("leaves out a parser's message, which quotes the body", () => {
    const error = thrown(() => JSON.parse('{"code":hunter2}'))
    expect(String(error)).toContain('hunter')
    expect(detailOf(error)).toBe('SyntaxError')
  })

  it('passes on the detail of a Failure', () => {
    expect(detailOf(new Failure('rate_limited', { detail: 'login of openid' }))).toBe(
      'rate_limited: login of openid',
    )
  })
})
