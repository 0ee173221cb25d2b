import type { Server, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Stops a server without dropping what it is answering: no new connection, an end for those that are
 * silent, and `patience` ms for the rest. Node's own close() waits for a silent connection without end.
 */
export function trackConnections(server: Server): (patience: number) => Promise<void> {
  const answering = new Map<Socket, number>()
  let draining = false
  const leave = (socket: Socket, by: number): void => {
    const before = answering.get(socket)
    // A caller who goes away closes the socket before the response: what is forgotten stays forgotten.
    if (before === undefined) return
    const left = before + by
    answering.set(socket, left)
    if (draining && left <= 0) socket.end(() => socket.destroy())
  }
  server.on('connection', (socket) => {
    answering.set(socket, 0)
    socket.once('close', () => answering.delete(socket))
  })
  // One for all, as every request pays for what is made here.
  function answered(this: ServerResponse): void {
    leave(this.req.socket, -1)
  }
  server.on('request', (request, response) => {
    leave(request.socket, 1)
    if (draining) response.setHeader('connection', 'close')
    response.on('close', answered)
  })
  return (patience) =>
    new Promise((resolve) => {
      draining = true
      const timer = setTimeout(() => {
        for (const socket of answering.keys()) socket.destroy()
      }, patience)
      server.close(() => {
        clearTimeout(timer)
        resolve()
      })
      for (const [socket, count] of answering) if (count <= 0) socket.destroy()
    })
}
