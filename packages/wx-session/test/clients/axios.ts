import axios, { type AxiosAdapter, AxiosError, type AxiosResponse } from 'axios'
import type { Session, SessionWx } from '../../src/index.ts'
import type { Client, User } from './client.ts'

type Settle = (value: AxiosResponse) => void

/** axios over wx.request: an adapter of 15 lines, because a phone has neither XMLHttpRequest nor fetch. */
export const wxAdapter =
  (wx: SessionWx): AxiosAdapter =>
  (config) =>
    new Promise<AxiosResponse>((resolve: Settle, reject) => {
      wx.request?.({
        url: axios.getUri(config),
        method: (config.method?.toUpperCase() ?? 'GET') as 'GET',
        data: config.data,
        header: config.headers.toJSON() as Record<string, string>,
        success({ data, statusCode: status, header = {} }) {
          const response = { data, status, statusText: '', headers: { ...header }, config }
          if (status < 400) return resolve(response)
          reject(new AxiosError(`HTTP ${status}`, undefined, config, null, response))
        },
        fail: ({ errMsg }) => reject(new AxiosError(errMsg, AxiosError.ERR_NETWORK, config)),
      })
    })

export function createAxiosClient(session: Session<User>, wx: SessionWx): Client {
  const http = axios.create({ adapter: wxAdapter(wx) })
  const bearer = (accessToken: string) => ({ headers: { authorization: `Bearer ${accessToken}` } })
  return {
    get: (url) => session.authorized(async (token) => (await http.get(url, bearer(token))).data),
    post: (url, body) =>
      session.authorized(async (token) => (await http.post(url, body, bearer(token))).data),
  }
}
