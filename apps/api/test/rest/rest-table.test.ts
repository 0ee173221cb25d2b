import * as schemas from '@mianmi/contracts/rest-schemas'
import { describe, expect, it } from 'vitest'
import { restRoutes } from '../../src/rest/routes.ts'
import { startService } from '../harness.ts'
import { call } from './rest-client.ts'

const ofWechat = [
  'app_unknown',
  'code_rejected',
  'code_used',
  'user_blocked',
  'wechat_rate_limited',
  'wechat_unavailable',
  'wechat_misconfigured',
]

const nameOf = (schema: unknown): string | null =>
  Object.entries(schemas).find(([, each]) => each === schema)?.[0] ?? null

describe('the plain-HTTP routes', () => {
  it('are these, with these bodies, data and reasons', () => {
    const table = restRoutes.map(({ method, path, signedIn, body, data, reasons }) => [
      `${method} ${path}`,
      signedIn,
      nameOf(body),
      nameOf(data),
      reasons,
    ])
    expect(table).toEqual([
      [
        'POST /miniLogin',
        false,
        'miniLoginBody',
        'signInData',
        [...ofWechat, 'user_disabled', 'rate_limited', 'forbidden'],
      ],
      [
        'POST /bind',
        false,
        'bindBody',
        'signInData',
        [
          ...ofWechat,
          'ticket_rejected',
          'credential_rejected',
          'phone_rejected',
          'identity_taken',
          'account_taken',
          'user_disabled',
          'rate_limited',
          'forbidden',
        ],
      ],
      ['GET /queryUserNow', true, null, 'userData', ['user_disabled']],
      [
        'POST /refresh',
        false,
        'refreshBody',
        'renewedData',
        ['unauthenticated', 'user_disabled', 'forbidden'],
      ],
      ['POST /logout', true, 'emptyBody', 'emptyData', ['user_disabled', 'forbidden']],
    ])
  })

  it.each(restRoutes.filter(({ body }) => body !== null))(
    '$method $path refuses an unknown key before anything else',
    async ({ path, method }) => {
      const service = await startService()
      const bodies: readonly object[] = [
        { code: 'c' },
        { ticket: 't', account: 'ming', password: 'p' },
        { ticket: 't', phoneCode: 'p' },
        { refreshToken: 'r' },
        {},
      ]
      for (const body of bodies) {
        const sent = { method, body: { ...body, unknown: 1 } }
        const reply = await call(service, `/auth${path}`, sent)
        expect(reply.body, JSON.stringify(body)).toMatchObject({
          success: false,
          code: 400,
          data: { reason: 'invalid_input' },
        })
      }
    },
  )
})
