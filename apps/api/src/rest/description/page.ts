import { createHash } from 'node:crypto'
import { schemaPlace } from './openapi.ts'
import type { Content, Description, Operation, Reply, Schema } from './shape.ts'
import { style } from './style.ts'

/**
 * The description as one page to read. Swagger UI would be 2.8 MB of files beside a service that is one
 * file, and a script that a content security policy has to make room for; nobody needs it to read six routes.
 */
export function renderPage(description: Description): { html: string; policy: string } {
  const { info, paths, components, tags } = description
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  )
  const groups = tags.map(({ name, description: about }) => {
    const members = operations.filter(({ operation }) => operation.tags.includes(name))
    return `<h2 id="${inert(name)}">${inert(name)}</h2><p>${prose(about)}</p>${members.map(routeHtml).join('')}`
  })
  const shapes = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<section id="${inert(name)}"><h3>${inert(name)}</h3>${shape(schema)}</section>`,
  )
  const html = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${inert(info.title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>${style}</style></head>
<body><main><h1>${inert(info.title)}</h1><p>${prose(info.description)}</p>
<p>For machines: <a href="/openapi.json">openapi.json</a>, OpenAPI ${inert(description.openapi)}.</p>
${groups.join('')}<h2 id="shapes">Shapes</h2>${shapes.join('')}</main></body></html>
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
  const { operationId, summary, security, requestBody, responses } = operation
  const ways = security
    ?.flatMap((way) => Object.keys(way))
    .map((way) => `<code>${inert(way)}</code>`)
  return `<section id="${inert(operationId)}">
<h3><span class="${inert(method)}">${inert(method.toUpperCase())}</span> ${inert(path)}</h3>
<p>${prose(summary)}</p>
${ways ? `<p>For who is signed in: ${ways.join(' or ')}.</p>` : ''}
${requestBody ? `<p>Body: ${contentText(requestBody.content)}</p>` : ''}
<table><tbody>${Object.entries(responses).map(replyRow).join('')}</tbody></table></section>`
}

function replyRow([status, { description, headers, content }]: [string, Reply]): string {
  const set = Object.keys(headers ?? {}).map((name) => ` with <code>${inert(name)}</code>`)
  const told = description.split('\n\n').map(prose).join('<br>')
  return `<tr><th>${inert(status)}</th><td>${content ? contentText(content) : ''}${set.join('')}</td><td>${told}</td></tr>`
}

function contentText(content: Content): string {
  return Object.entries(content)
    .map(([type, { schema }]) => (schema.$ref ? typeText(schema) : inert(type)))
    .join(', ')
}

/** An object as a table of its keys, a choice as one table each. */
function shape(schema: Schema): string {
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return choices.map((choice) => shape(choice as Schema)).join('<p>or</p>')
  const required = new Set(schema.required)
  const rows = Object.entries(schema.properties ?? {}).map(([key, value]) => {
    const property = value as Schema
    const about = property.description === undefined ? '' : prose(property.description)
    const mark = required.has(key) ? '' : '?'
    return `<tr><th>${inert(key)}${mark}</th><td>${typeText(property)}</td><td>${about}</td></tr>`
  })
  return rows.length > 0 ? `<table><tbody>${rows.join('')}</tbody></table>` : '<p>Nothing.</p>'
}

function typeText(schema: Schema): string {
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return choices.map((choice) => typeText(choice as Schema)).join(' or ')
  if (schema.$ref) {
    const name = inert(schema.$ref.slice(schemaPlace.length))
    return `<a href="#${name}">${name}</a>`
  }
  if (schema.const !== undefined) return `<code>${inert(JSON.stringify(schema.const))}</code>`
  if (schema.enum) return schema.enum.map((value) => `<code>${inert(`${value}`)}</code>`).join(' ')
  if (schema.properties && Object.keys(schema.properties).length > 0) return shape(schema)
  if (schema.type === 'array') return `list of ${typeText((schema.items ?? {}) as Schema)}`
  return inert([schema.format ?? schema.type ?? 'anything'].flat().join(' or '))
}

/** What stands between backticks is code. */
function prose(text: string): string {
  return inert(text).replace(/`([^`]*)`/g, '<code>$1</code>')
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function inert(text: string): string {
  return text.replace(/[&<>"]/g, (character) => entities[character] ?? character)
}
