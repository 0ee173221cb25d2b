import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/**
 * Hangs up on whoever takes nothing of a reply for one to two times `patience` ms. Node's own time-outs are
 * about requests: a reply that is handed over counts as done, though it fills the system's memory.
 */
export function dropStalledReaders(server: Server, patience = 6_000): void {
  const open = new Set<Socket>()
  /** What had been written to each that was waiting for its reader, at the last look. */
  let waiting = new Map<Socket, number>()
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => open.delete(socket))
  })
  const timer = setInterval(() => {
    const stillWaiting = new Map<Socket, number>()
    for (const socket of open) {
      if (socket.writableLength === 0) continue
      if (waiting.get(socket) === socket.bytesWritten) socket.destroy()
      else stillWaiting.set(socket, socket.bytesWritten)
    }
    waiting = stillWaiting
  }, patience)
  timer.unref()
  server.once('close', () => clearInterval(timer))
}
