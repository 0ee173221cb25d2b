import { createHash } from 'node:crypto'
import type { Content, Description, Operation, Parameter, Reply, Schema } from './openapi-types.ts'
import { schemaPrefix } from './schema-prefix.ts'
import { style } from './style.ts'

/**
 * Renders the description as one static HTML page. Swagger UI would add 2.8 MB of files to a service that is one
 * bundled file, and needs a script in the content security policy; six routes can be read without it.
 */
export function renderPage(description: Description): { html: string; policy: string } {
  const { info, paths, components, tags } = description
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  )
  const groups = tags.map(({ name, description: descriptionText }) => {
    const groupOperations = operations.filter(({ operation }) => operation.tags.includes(name))
    return `<h2 id="${escapeHtml(name)}">${escapeHtml(name)}</h2><p>${proseHtml(descriptionText)}</p>${groupOperations.map(routeHtml).join('')}`
  })
  const schemaSections = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<section id="${escapeHtml(name)}"><h3>${escapeHtml(name)}</h3>${schemaHtml(schema)}</section>`,
  )
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(info.title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head>
<body><main><h1>${escapeHtml(info.title)}</h1><p>${proseHtml(info.description)}</p>
<p>For machines: <a href="/openapi.json">openapi.json</a>, OpenAPI ${escapeHtml(description.openapi)}.</p>
${groups.join('')}<h2 id="schemas">Schemas</h2>${schemaSections.join('')}</main></body></html>
`
  const hash = createHash('sha256').update(style).digest('base64')
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`
  return { html, policy }
}

function routeHtml({
  path,
  method,
  operation,
}: {
  path: string
  method: string
  operation: Operation
}) {
  const {
    operationId,
    tags,
    summary,
    parameters = [],
    security,
    requestBody,
    responses,
  } = operation
  const schemes = security
    .flatMap((scheme) => Object.keys(scheme))
    .map((scheme) => `<code>${escapeHtml(scheme)}</code>`)
  return `<section id="${escapeHtml(operationId)}">
<h3><span class="${escapeHtml(method)}">${escapeHtml(method.toUpperCase())}</span> ${escapeHtml(path)}</h3>
<p>${proseHtml(summary)}</p>
${schemes.length > 0 ? `<p>Requires ${tags.includes('services') ? 'a service key' : 'a signed-in user'}: ${schemes.join(' or ')}.</p>` : ''}
${parameters.map(parameterHtml).join('')}
${requestBody ? `<p>Body: ${contentText(requestBody.content)}</p>` : ''}
<table><tbody>${Object.entries(responses).map(replyRow).join('')}</tbody></table></section>`
}

function parameterHtml({ name, in: place, required, schema }: Parameter): string {
  const isOptional = required ? '' : ', optional'
  return `<p>In the ${place}: <code>${escapeHtml(name)}</code>${isOptional}, ${typeText(schema)}</p>`
}

function replyRow([status, { description, headers, content }]: [string, Reply]): string {
  const headerNames = Object.keys(headers ?? {}).map(
    (name) => ` with <code>${escapeHtml(name)}</code>`,
  )
  const descriptionHtml = description.split('\n\n').map(proseHtml).join('<br>')
  return `<tr><th>${escapeHtml(status)}</th><td>${content ? contentText(content) : ''}${headerNames.join('')}</td><td>${descriptionHtml}</td></tr>`
}

function contentText(content: Content): string {
  return Object.entries(content)
    .map(([type, { schema }]) => (schema.$ref ? typeText(schema) : escapeHtml(type)))
    .join(', ')
}

/** An object as a table of its properties; a union as one table for each member. */
function schemaHtml(schema: Schema): string {
  const members = schema.anyOf ?? schema.oneOf
  if (members) return members.map((member) => schemaHtml(member as Schema)).join('<p>or</p>')
  const required = new Set(schema.required)
  const rows = Object.entries(schema.properties ?? {}).map(([key, value]) => {
    const property = value as Schema
    const descriptionText =
      property.description === undefined ? '' : proseHtml(property.description)
    const optionalMark = required.has(key) ? '' : '?'
    return `<tr><th>${escapeHtml(key)}${optionalMark}</th><td>${typeText(property)}</td><td>${descriptionText}</td></tr>`
  })
  return rows.length > 0 ? `<table><tbody>${rows.join('')}</tbody></table>` : '<p>Nothing.</p>'
}

function typeText(schema: Schema): string {
  const members = schema.anyOf ?? schema.oneOf
  if (members) return members.map((member) => typeText(member as Schema)).join(' or ')
  if (schema.$ref) {
    const name = escapeHtml(schema.$ref.slice(schemaPrefix.length))
    return `<a href="#${name}">${name}</a>`
  }
  if (schema.const !== undefined) return `<code>${escapeHtml(JSON.stringify(schema.const))}</code>`
  if (schema.enum)
    return schema.enum.map((value) => `<code>${escapeHtml(`${value}`)}</code>`).join(' ')
  if (schema.properties && Object.keys(schema.properties).length > 0) return schemaHtml(schema)
  if (schema.type === 'array') return `list of ${typeText((schema.items ?? {}) as Schema)}`
  return escapeHtml([schema.format ?? schema.type ?? 'anything'].flat().join(' or '))
}

/** Escapes the text; text between backticks becomes code. */
function proseHtml(text: string): string {
  return escapeHtml(text).replace(/`([^`]*)`/g, '<code>$1</code>')
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character)
}
