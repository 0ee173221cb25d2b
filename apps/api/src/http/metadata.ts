import type { FastifyInstance } from 'fastify'

/** The paths of the metadata document: of RFC 8414 §3, and where libraries for OpenID Connect look. */
const paths = ['/.well-known/oauth-authorization-server', '/.well-known/openid-configuration']

/**
 * Serves the metadata by which resource servers find the keys (RFC 8414). It claims no flow: tokens come from a sign-in
 * in WeChat, so there is nothing that an OAuth client could call.
 *
 * @param issuer the public address of the service
 */
export function serveMetadata(app: FastifyInstance, issuer: string): void {
  const document = metadataOf(issuer)
  // The path of an issuer comes behind the well-known one (RFC 8414 §3.1), where a proxy does not remove it.
  const suffix = new URL(issuer).pathname.replace(/\/+$/, '')
  const urls = suffix === '' ? paths : [...paths, ...paths.map((path) => `${path}${suffix}`)]
  for (const url of urls)
    app.get(url, async (_request, reply) => {
      reply.header('cache-control', 'public, max-age=300')
      return document
    })
}

function metadataOf(issuer: string) {
  const base = issuer.replace(/\/+$/, '')
  return {
    // As `iss` in the tokens, to the letter.
    issuer,
    jwks_uri: `${base}/.well-known/jwks.json`,
    introspection_endpoint: `${base}/v1/introspect`,
    introspection_endpoint_auth_methods_supported: [
      'Bearer',
      'client_secret_basic',
      'client_secret_post',
    ],
    // Where these are left out, RFC 8414 §2 gives them values of flows that do not exist here.
    response_types_supported: [],
    grant_types_supported: [],
    token_endpoint_auth_methods_supported: [],
    service_documentation: `${base}/docs`,
  }
}
