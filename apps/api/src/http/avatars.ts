import type { Picture, PictureType } from '@mianmi/core'
import type { FastifyInstance } from 'fastify'
import { refuse } from './error-replies.ts'

const mediaTypes: Record<PictureType, string> = {
  jpg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
}

/** Serves users' avatars. Their content is not trusted, so a browser may only display it. */
export function serveAvatars(
  app: FastifyInstance,
  find: (name: string) => Promise<Picture | null>,
): void {
  app.get<{ Params: { name: string } }>('/avatars/:name', async (request, reply) => {
    const picture = await find(request.params.name)
    if (picture === null) return refuse(request, reply, 'not_found')
    return reply
      .headers({
        'content-type': mediaTypes[picture.type],
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        // The name is the hash of the content, so the content of a name never changes.
        'cache-control': 'public, max-age=31536000, immutable',
        // The console and the mini program's pages have other origins.
        'cross-origin-resource-policy': 'cross-origin',
      })
      .send(picture.bytes)
  })
}
