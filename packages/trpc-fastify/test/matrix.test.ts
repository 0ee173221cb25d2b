import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  type Server,
  type ServiceSettings,
  sendRequest,
  startPair,
  withAllow,
} from './adapter-pair.ts'

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'QUERY']
const paths = [
  'hello',
  'save',
  'ticks',
  'missing',
  'later.on',
  'hello,who?batch=1',
  'save,clear?batch=1',
  'hello,save?batch=1',
  'hello,missing?batch=1',
  'ticks,ticks?batch=1',
  'hello?input=%7B',
  '',
]
const types = [
  undefined,
  'application/json',
  'application/json; charset=utf-8',
  'APPLICATION/JSON',
  'application/json, text/plain',
  'application/jsonl',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'text/plain',
  'nonsense',
]
const accepts: readonly Record<string, string>[] = [
  {},
  { 'trpc-accept': 'application/jsonl' },
  { 'trpc-accept': 'text/event-stream' },
  { accept: 'application/jsonl' },
  { accept: 'text/event-stream' },
]
const bodies: Readonly<Record<string, string>> = {
  'multipart/form-data; boundary=x':
    '--x\r\ncontent-disposition: form-data; name="name"\r\n\r\nann\r\n--x--\r\n',
}

const services: Readonly<Record<string, ServiceSettings>> = {
  'that accepts forms': { allowFormData: true, meta: {} },
  'with method override and without batches': {
    allowFormData: true,
    options: { allowMethodOverride: true, allowBatching: false },
  },
  'with a limit of streamed bodies': { allowFormData: true, options: { maxBodySize: 10 } },
}

describe.each(Object.entries(services))('a service %s', (_name, settings) => {
  let official: Server
  let direct: Server
  beforeAll(async () => {
    const pair = await startPair(settings)
    official = pair.official
    direct = pair.direct
    // A lazy router is loaded with its first call, and answered by the official handler until then.
    for (const server of [official, direct]) await sendRequest(server, { path: '/trpc/later.on' })
  })
  afterAll(() => Promise.all([official.close(), direct.close()]))

  test.each(methods)(
    '%s gets the same reply as from the official adapter, with every path, content type and accept header',
    async (method) => {
      for (const path of paths)
        for (const type of types)
          for (const accept of type === undefined || type === 'application/json' ? accepts : [{}]) {
            const hasBody = !['GET', 'HEAD'].includes(method)
            const headers = { ...accept, ...(type === undefined ? {} : { 'content-type': type }) }
            const sent = {
              method,
              path: `/trpc/${path}`,
              headers,
              ...(hasBody ? { body: bodies[type ?? ''] ?? '{"name":"ann"}' } : {}),
            }
            official.events.length = 0
            direct.events.length = 0
            const { framing: _chunked, ...expected } = withAllow(await sendRequest(official, sent))
            const { framing: _framing, ...actual } = await sendRequest(direct, sent)
            expect({ sent, ...actual, events: direct.events }).toEqual({
              sent,
              ...expected,
              events: official.events,
            })
          }
    },
  )
})
