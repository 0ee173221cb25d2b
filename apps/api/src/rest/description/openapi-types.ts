import type { z } from 'zod'

/** The part of OpenAPI 3.1 that the description of this service uses. */
export interface Description {
  readonly openapi: '3.1.0'
  readonly info: {
    readonly title: string
    readonly version: string
    readonly description: string
    readonly license: { readonly name: string; readonly identifier: string }
  }
  readonly servers: readonly { readonly url: string }[]
  readonly tags: readonly { readonly name: string; readonly description: string }[]
  readonly paths: Readonly<Record<string, PathItem>>
  readonly components: {
    readonly schemas: Readonly<Record<string, Schema>>
    readonly securitySchemes: Readonly<Record<string, object>>
  }
}

export type PathItem = Readonly<Partial<Record<'get' | 'post' | 'patch' | 'delete', Operation>>>

export interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly parameters?: readonly Parameter[]
  /** Alternatives: one of them is enough. None for an open operation. */
  readonly security: readonly Record<string, readonly string[]>[]
  readonly requestBody?: { readonly required: true; readonly content: Content }
  readonly responses: Readonly<Record<string, Reply>>
}

export interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly required: boolean
  readonly schema: Schema
  readonly description?: string
}

export interface Reply {
  readonly description: string
  readonly headers?: Readonly<Record<string, object>>
  readonly content?: Content
}

export type Content = Readonly<Record<string, { readonly schema: Schema }>>

export type Schema = z.core.JSONSchema.BaseSchema
