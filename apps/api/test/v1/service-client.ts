import { type ServiceScope, serviceScopes } from '@mianmi/core'
import { draftServiceKey } from '@mianmi/core/admin'
import { createServiceKeyStore } from '../../src/store/sqlite/index.ts'
import { serviceKeyMaker } from '../../src/tokens/service-keys.ts'
import type { TestService } from '../harness.ts'

let serial = 0

/** Makes a service key, as the command does. */
export async function createKey(
  service: TestService,
  scopes: readonly ServiceScope[] = serviceScopes,
): Promise<{ key: string; id: string; name: string }> {
  const name = `test-${++serial}`
  const newId = () => `test${serial}`
  const ports = { serviceKeyMaker, tokens: { newId }, now: service.now }
  const { key, stored } = draftServiceKey(ports, { name, scopes })
  await createServiceKeyStore(service.database()).create(stored, null)
  return { key, id: stored.id, name }
}

export interface V1Reply {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: the tests compare whatever came
  readonly body: any
}

/** Calls `/v1` with a key. An object is sent as JSON, and text as a form. */
export async function callV1(
  service: TestService,
  key: string | null,
  [method, path, body]: readonly [method: string, path: string, body?: unknown],
  headers: Record<string, string> = {},
): Promise<V1Reply> {
  const isForm = typeof body === 'string'
  const type = isForm ? 'application/x-www-form-urlencoded' : 'application/json'
  const response = await fetch(`${service.url()}/v1${path}`, {
    method,
    headers: {
      ...(key === null ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined ? {} : { 'content-type': type }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
  })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? null : JSON.parse(text),
  }
}

export const introspect = (
  service: TestService,
  key: string | null,
  token: string,
): Promise<V1Reply> =>
  callV1(service, key, ['POST', '/introspect', new URLSearchParams({ token }).toString()])
