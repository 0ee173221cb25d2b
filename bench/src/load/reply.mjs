/**
 * Splits the bytes of a connection into complete HTTP/1.1 replies, by Content-Length or by chunks. It implements just
 * enough of the protocol for the servers of the bench, so that the load itself uses little CPU time.
 */
export function createReplyReader(onReply) {
  let pending = ''
  return (chunk) => {
    pending = pending === '' ? chunk.latin1Slice() : pending + chunk.latin1Slice()
    const end = endOfReply(pending)
    if (end === -1) return
    const reply = pending.slice(0, end)
    pending = pending.slice(end)
    onReply(reply)
  }
}

/** The end of the first reply in `text`; -1 while it is incomplete. */
function endOfReply(text) {
  const head = text.indexOf('\r\n\r\n')
  if (head === -1) return -1
  const body = head + 4
  const length = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, body))
  if (length !== null) {
    const end = body + Number(length[1])
    return end <= text.length ? end : -1
  }
  return endOfChunks(text, body)
}

function endOfChunks(text, start) {
  let at = start
  for (;;) {
    const line = text.indexOf('\r\n', at)
    if (line === -1) return -1
    const size = Number.parseInt(text.slice(at, line), 16)
    if (Number.isNaN(size)) throw new Error('a reply has neither a length nor chunks')
    at = line + 2 + size + 2
    if (at > text.length) return -1
    if (size === 0) return at
  }
}
