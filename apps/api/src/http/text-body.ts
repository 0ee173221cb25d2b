import { isUtf8 } from 'node:buffer'
import { Failure } from '@mianmi/core'
import type { FastifyInstance } from 'fastify'

/**
 * The text of a body. Decoding puts U+FFFD in the place of bytes that are not UTF-8, so two different texts could become
 * the same one; the bytes are looked at again only where the text has U+FFFD.
 *
 * @throws Failure `invalid_input` for bytes that are not UTF-8
 */
export function utf8Text(body: Buffer): string {
  const text = body.toString()
  if (text.includes('\ufffd') && !isUtf8(body))
    throw new Failure('invalid_input', { detail: 'the body is not UTF-8' })
  return text
}

/**
 * Makes JSON of these types the only bodies that are read. wx.request sends a content type even without a body, so an
 * empty body counts as none.
 */
export function acceptOnlyJson(app: FastifyInstance, types: readonly string[]): void {
  const parse = app.getDefaultJsonParser('error', 'error')
  app.removeAllContentTypeParsers()
  app.addContentTypeParser([...types], { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    if (body.length === 0) done(null, undefined)
    else parse(request, utf8Text(body), done)
  })
}
