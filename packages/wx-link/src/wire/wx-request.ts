import { type EncodedRequest, mergeHeaders } from './encode-request.ts'
import { assign, fieldsOf } from './fields.ts'
import { toLinkError, type WxFailure } from './link-error.ts'
import { withTimeLimit } from './time-limit.ts'

/** The argument of `success` of wx.request. */
export interface WxReply {
  /** The body: JSON text, or a value that is already parsed. */
  data: unknown
  /** HTTP status. */
  statusCode: number
  /** Names and values of the headers; the case of names differs between phones. */
  header?: object
}

/**
 * The options of wx.request that the link sets.
 * https://developers.weixin.qq.com/miniprogram/dev/api/network/request/wx.request.html
 */
export interface WxRequestOptions {
  /** Address with its query. */
  url: string
  /** GET for queries, POST for mutations. */
  method: 'GET' | 'POST'
  /** Request headers. */
  header: Record<string, string>
  /** Always `text`: the link parses the JSON. */
  dataType: string
  /** The body is text, not bytes. */
  responseType: 'text'
  /** The JSON body of a mutation. */
  data?: string
  /** Milliseconds for the request. */
  timeout?: number
  /** Called for every HTTP status. */
  success(reply: WxReply): void
  /** Called when there is no HTTP response. */
  fail(failure: WxFailure): void
}

/** `wx.request`, or a function with the same behaviour (`Taro.request`, `uni.request`). */
export type WxRequest = (options: WxRequestOptions) => unknown

/** An HTTP response with any status, and its parsed body: undefined when it is not JSON. */
export type LinkResponse = readonly [meta: WxLinkMeta, json: unknown]

/** In the context of a result and in the `meta` of an error: the response of the call's request. */
export interface WxLinkMeta extends Record<string, unknown> {
  /** HTTP status, and the headers with their names in lower case, because phones do not agree on the case. */
  response: {
    /** HTTP status. */
    statusCode: number
    /** Names are in lower case. */
    header: Record<string, unknown>
  }
}

/** How one HTTP request is sent. */
export interface TransportOptions {
  /** `wx.request`, or a function with the same behaviour. */
  request: WxRequest
  /** Milliseconds. */
  timeout?: number
}

/** A request in flight, or one that has not been sent yet. */
export interface RequestTask {
  /** For a request whose calls have all ended: what it makes of the response reaches none of them. */
  abort(): void
}

/**
 * Sends one HTTP request through `request`. Rejects with a WxLinkError, or with what `request` has thrown.
 *
 * @param sent gets the `abort` of this request
 */
export const sendRequest = (
  { request, timeout }: TransportOptions,
  encoded: EncodedRequest,
  header: Record<string, string>,
  sent: RequestTask,
): Promise<LinkResponse> =>
  withTimeLimit((resolve, reject) => {
    const fail = (failure?: WxFailure) => {
      const { errMsg, errno } = fieldsOf(failure) as WxFailure
      reject(toLinkError(errMsg, errno))
    }
    const own: Omit<WxRequestOptions, 'url' | 'method'> = {
      success(reply) {
        // Some phones call it for a request that has failed.
        const { statusCode, header, data } = fieldsOf(reply) as Partial<WxReply>
        if (typeof statusCode === 'number') {
          resolve([{ response: { statusCode, header: mergeHeaders(header) } }, parseJson(data)])
        } else {
          reject(toLinkError('request:fail no status'))
        }
      },
      fail,
      header,
      // With 'json' a phone returns a body that it cannot parse as a string, without an error.
      dataType: 'text',
      responseType: 'text',
    }
    const options = assign(own, encoded, timeout !== undefined && { timeout })
    const task = fieldsOf(request(options)) as Partial<RequestTask>
    sent.abort = () => {
      fail()
      if (task.abort) task.abort()
    }
    // Taro and uni-app also return a promise, which some platforms reject without calling `fail`.
    Promise.resolve(task as Promise<unknown>).catch(fail)
  }, timeout)

const parseJson = (data: unknown): unknown => {
  try {
    return typeof data === 'string' ? JSON.parse(data) : data
  } catch {
    return undefined
  }
}
