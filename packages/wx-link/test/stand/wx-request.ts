import { request as httpRequest } from 'node:http'
import type { WxReply, WxRequestOptions } from '../../src/index.ts'

export interface Sent {
  method: string
  path: string
  header: Record<string, string>
  body: string | undefined
  dataType: string
}

export interface TestPhone {
  request(options: WxRequestOptions): { abort(): void }
  sent: Sent[]
  aborts: number
  /** Resolves with the next request that is sent. */
  nextSent(): Promise<Sent>
}

/** wx.request over node:http, written from its documentation: statuses are successes. */
export function createTestPhone(): TestPhone {
  const waiting: ((sent: Sent) => void)[] = []
  const phone: TestPhone = {
    request: send,
    sent: [],
    aborts: 0,
    nextSent: () => new Promise((resolve) => waiting.push(resolve)),
  }
  function send(options: WxRequestOptions) {
    const url = new URL(options.url)
    const { data, dataType, header, method, timeout } = options
    const sent = { method, path: url.pathname + url.search, header, body: data, dataType }
    phone.sent.push(sent)
    for (const tell of waiting.splice(0)) tell(sent)
    const request = httpRequest(url, { method, headers: header }, (response) => {
      let body = ''
      response.setEncoding('utf8')
      response.on('data', (chunk: string) => {
        body += chunk
      })
      response.on('end', () => {
        const reply: WxReply = {
          data: body,
          statusCode: response.statusCode ?? 0,
          // A phone keeps the case of the wire; node:http lowers it.
          header: { 'Content-Type': response.headers['content-type'] ?? '' },
        }
        options.success(reply)
      })
    })
    let end: { errMsg: string; errno: number } | undefined
    if (timeout) {
      request.setTimeout(timeout, () => {
        end = { errMsg: 'request:fail timeout', errno: 5 }
        request.destroy(new Error('timeout'))
      })
    }
    request.on('error', (error) => {
      options.fail(end ?? { errMsg: `request:fail ${error.message}`, errno: 600001 })
    })
    request.end(data)
    return {
      abort() {
        phone.aborts += 1
        end = { errMsg: 'request:fail abort', errno: 600000 }
        request.destroy(new Error('aborted'))
      },
    }
  }
  return phone
}
