import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Closes a connection whose client has read nothing of a reply for one to two times `patience` ms. Node's own
 * time-outs are about requests: a reply counts as done once it is handed over, although it still takes memory.
 */
export function dropStalledReaders(server: Server, patience = 6_000): void {
  const open = new Set<Socket>()
  /** The bytes that the system had taken for each waiting connection at the last check. */
  let waiting = new Map<Socket, number>()
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  const timer = setInterval(() => {
    const stillWaiting = new Map<Socket, number>()
    for (const socket of open) {
      if (socket.writableLength === 0) continue
      const taken = takenBytes(socket)
      if (waiting.get(socket) === taken) socket.destroy()
      else stillWaiting.set(socket, taken)
    }
    waiting = stillWaiting
  }, patience)
  timer.unref()
  server.once('close', () => clearInterval(timer))
}

/**
 * `bytesWritten` counts a buffer as a whole once it is handed over, so while a large reply is being read only the
 * queue of the handle moves. Node's own socket time-out looks at it too (lib/net.js, `_onTimeout`).
 */
function takenBytes(socket: Socket): number {
  const { _handle: handle } = socket as Socket & { _handle?: { writeQueueSize?: number } | null }
  return socket.bytesWritten - (handle?.writeQueueSize ?? 0)
}
