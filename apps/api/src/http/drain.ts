import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Returns a function that stops a server without dropping requests in flight: it accepts no new connection, closes
 * idle ones, and destroys the rest after `timeoutMs`. Node's own close() waits for an idle connection without
 * limit.
 */
export function trackConnections(server: Server): (timeoutMs: number) => Promise<void> {
  const requestCounts = new Map<Socket, number>()
  let draining = false
  const addToCount = (socket: Socket, change: number): void => {
    const previous = requestCounts.get(socket)
    // When a caller disconnects, its socket closes before the response, and its entry is gone already.
    if (previous === undefined) return
    const count = previous + change
    requestCounts.set(socket, count)
    if (draining && count <= 0) socket.end(() => socket.destroy())
  }
  server.on('connection', (socket) => {
    requestCounts.set(socket, 0)
    socket.once('close', () => requestCounts.delete(socket))
  })
  // One shared listener: a closure for each request would cost each request.
  function onResponseClose(this: ServerResponse): void {
    addToCount(this.req.socket, -1)
  }
  server.on('request', (request, response) => {
    addToCount(request.socket, 1)
    if (draining) response.setHeader('connection', 'close')
    response.on('close', onResponseClose)
  })
  return (timeoutMs) =>
    new Promise((resolve) => {
      draining = true
      const timer = setTimeout(() => {
        for (const socket of requestCounts.keys()) socket.destroy()
      }, timeoutMs)
      server.close(() => {
        clearTimeout(timer)
        resolve()
      })
      for (const [socket, count] of requestCounts) if (count <= 0) socket.destroy()
    })
}
