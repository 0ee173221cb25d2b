import type { CallRecord } from '@mianmi/wechat-sandbox/wx'

const service = 'http://127.0.0.1:3000/trpc'

export function call(api: string, rest: Partial<CallRecord> = {}): CallRecord {
  return {
    api,
    startedAt: 1000,
    endedAt: 1040,
    input: {},
    ok: true,
    output: { errMsg: `${api}:ok` },
    ...rest,
  }
}

/** A mutation in the format of wx-link, and its reply. */
export function mutation(
  path: string,
  input: unknown,
  reply: unknown,
  statusCode = 200,
): CallRecord {
  return call('request', {
    input: {
      url: `${service}/${path}`,
      method: 'POST',
      dataType: 'text',
      data: JSON.stringify(input),
    },
    output: { statusCode, data: JSON.stringify(reply), header: {}, errMsg: 'request:ok' },
  })
}

export function query(path: string, reply: unknown, search = ''): CallRecord {
  return call('request', {
    input: { url: `${service}/${path}${search}`, method: 'GET', dataType: 'text' },
    output: { statusCode: 200, data: JSON.stringify(reply), header: {}, errMsg: 'request:ok' },
  })
}

export function undelivered(path: string, errMsg: string): CallRecord {
  return call('request', {
    input: { url: `${service}/${path}`, method: 'POST', data: '{}' },
    ok: false,
    output: { errMsg, errno: 600001 },
  })
}

export const result = (data: unknown): unknown => ({ result: { data } })

export const failure = (reason: string, code: string): unknown => ({
  error: { message: reason, code: -32603, data: { code, reason, httpStatus: 400 } },
})
