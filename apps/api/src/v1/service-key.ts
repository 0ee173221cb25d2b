import { Failure } from '@mianmi/core'
import type { FastifyRequest } from 'fastify'
import { authorizationOf, bearerToken } from '../http/bearer-token.ts'

/** Whether the request tried to authenticate, by the header or, at `/v1/introspect`, by its form. */
export function sentCredentials(request: FastifyRequest): boolean {
  return request.headers.authorization !== undefined || formSecret(request) !== null
}

/**
 * The service key of a request: `Authorization: Bearer KEY`. At `/v1/introspect` also as clients of OAuth authenticate
 * (RFC 6749 §2.3.1): `Basic` with any name and the key as password, or `client_secret` in the form. Null where there is
 * none.
 *
 * @throws Failure `invalid_input` for a key in two places
 */
export function serviceKeyOf(
  request: FastifyRequest,
  options: { asClient: boolean },
): string | null {
  const authorization = authorizationOf(request)
  if (!options.asClient) return bearerToken(authorization)
  const secret = formSecret(request)
  if (secret !== null && request.headers.authorization !== undefined)
    throw new Failure('invalid_input', { detail: 'two ways to authenticate' })
  return secret ?? bearerToken(authorization) ?? basicPassword(authorization)
}

/** The body is the parsed form, before its schema was checked. */
function formSecret({ body }: FastifyRequest): string | null {
  const { client_secret: secret } = (body ?? {}) as { readonly client_secret?: unknown }
  return typeof secret === 'string' ? secret : null
}

/** Name and password are form-encoded before they are joined (RFC 6749 §2.3.1); some clients also encode `_`, which they need not. */
function basicPassword(header: string | undefined): string | null {
  const encoded = header?.match(/^Basic +([\w+/=-]+)$/i)?.[1]
  if (encoded === undefined) return null
  const pair = Buffer.from(encoded, 'base64').toString()
  const colon = pair.indexOf(':')
  return colon < 0 ? null : formDecoded(pair.slice(colon + 1))
}

/** The text itself where it is no form encoding: it is no key then. */
function formDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}
