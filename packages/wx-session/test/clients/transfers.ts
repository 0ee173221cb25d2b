import type { Session } from '../../src/index.ts'
import type { User } from './client.ts'

interface TransferReply {
  statusCode: number
  data?: string
  tempFilePath?: string
}

interface Callbacks {
  success(reply: TransferReply): void
  fail(failure: { errMsg: string }): void
}

type Header = Record<string, string>

interface Socket {
  close(): void
  onClose?(listener: () => void): void
}

/** The part of `wx` that is used. */
export interface TransferWx {
  uploadFile(
    options: { url: string; filePath: string; name: string; header: Header } & Callbacks,
  ): unknown
  downloadFile(options: { url: string; header: Header } & Callbacks): unknown
  connectSocket(options: { url: string; header: Header }): Socket
}

/** wx.uploadFile, wx.downloadFile and wx.connectSocket with the token of a session. */
export function createTransfers(session: Session<User>, wx: TransferWx, host: string) {
  const send = (start: (header: Header, callbacks: Callbacks) => unknown) =>
    session.authorized(
      (accessToken) =>
        new Promise<TransferReply>((resolve, reject) =>
          start(
            { authorization: `Bearer ${accessToken}` },
            // A reply of any status is a success.
            {
              success: (reply) => (reply.statusCode < 400 ? resolve(reply) : reject(reply)),
              fail: reject,
            },
          ),
        ),
      { timeout: 300_000 }, // a large file on a slow network
    )
  return {
    upload: (filePath: string) =>
      send((header, callbacks) =>
        wx.uploadFile({ url: `${host}/files`, filePath, name: 'file', header, ...callbacks }),
      ),
    download: (url: string) =>
      send((header, callbacks) => wx.downloadFile({ url, header, ...callbacks })),
    /** A socket has one token for its whole life, so it ends with the sign-in, also where another user is signed in. */
    connect: () =>
      session.authorized(async (accessToken) => {
        const header = { authorization: `Bearer ${accessToken}` }
        const socket = wx.connectSocket({ url: `${host}/live`, header })
        const events = ['signedIn', 'unbound', 'signedOut'] as const
        const subscriptions = events.map((event) => session.on(event, () => socket.close()))
        const unsubscribe = () => {
          for (const end of subscriptions) end()
        }
        socket.onClose?.(unsubscribe)
        return socket
      }),
  }
}
