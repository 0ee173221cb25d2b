import { Failure, type Reason } from '@mianmi/core'
import { TRPCError } from '@trpc/server'
import { getHTTPStatusCodeFromError } from '@trpc/server/http'
import { type TRPC_ERROR_CODE_KEY, TRPC_ERROR_CODES_BY_KEY } from '@trpc/server/rpc'

interface ReasonReply {
  readonly code: TRPC_ERROR_CODE_KEY
  readonly message: string
}

/** The tRPC code and the fixed message of each reason. A reason that is missing here does not compile. */
const replies: Record<Reason, ReasonReply> = {
  invalid_input: { code: 'BAD_REQUEST', message: 'The input does not fit its schema.' },
  method_not_allowed: {
    code: 'METHOD_NOT_SUPPORTED',
    message: 'This path does not take this HTTP method.',
  },
  unsupported_media_type: {
    code: 'UNSUPPORTED_MEDIA_TYPE',
    message: 'Only application/json is accepted.',
  },
  code_rejected: { code: 'BAD_REQUEST', message: 'WeChat refuses the code; ask for a new one.' },
  code_used: { code: 'BAD_REQUEST', message: 'The code was used before; ask for a new one.' },
  user_blocked: { code: 'FORBIDDEN', message: 'WeChat blocks this user.' },
  app_unknown: { code: 'BAD_REQUEST', message: 'This appid is not configured.' },
  wechat_rate_limited: { code: 'TOO_MANY_REQUESTS', message: 'Too many sign-ins at WeChat.' },
  wechat_unavailable: { code: 'SERVICE_UNAVAILABLE', message: 'WeChat does not answer.' },
  wechat_misconfigured: {
    code: 'INTERNAL_SERVER_ERROR',
    message: 'WeChat refuses this service; an administrator has to act.',
  },
  ticket_rejected: { code: 'BAD_REQUEST', message: 'The ticket is not accepted.' },
  credential_rejected: { code: 'UNAUTHORIZED', message: 'Wrong account or password.' },
  phone_rejected: { code: 'BAD_REQUEST', message: 'The phone number is not accepted.' },
  identity_taken: {
    code: 'CONFLICT',
    message: 'This WeChat identity is bound to another user.',
  },
  account_taken: { code: 'CONFLICT', message: 'The account or phone number is in use.' },
  last_credential: { code: 'CONFLICT', message: 'This is the last way to sign in.' },
  user_disabled: { code: 'FORBIDDEN', message: 'An administrator disabled this user.' },
  proof_required: { code: 'FORBIDDEN', message: 'A fresh login code of your WeChat is needed.' },
  unauthenticated: { code: 'UNAUTHORIZED', message: 'Sign in first.' },
  forbidden: { code: 'FORBIDDEN', message: 'Not allowed.' },
  not_found: { code: 'NOT_FOUND', message: 'There is no such thing.' },
  data_rejected: { code: 'BAD_REQUEST', message: 'The data does not verify.' },
  rate_limited: { code: 'TOO_MANY_REQUESTS', message: 'Too many tries.' },
  overloaded: { code: 'SERVICE_UNAVAILABLE', message: 'The service is busy.' },
  internal: { code: 'INTERNAL_SERVER_ERROR', message: 'Something went wrong.' },
}

/**
 * The shape of every error reply: a fixed message, no stack, and the trace id under which the log has the
 * details.
 */
export function shapeOf(reason: Reason, about: ErrorPlace): ErrorShape {
  const { code, message } = replies[reason]
  const { path, traceId, retryAfter } = about
  return {
    message,
    code: TRPC_ERROR_CODES_BY_KEY[code],
    data: {
      code,
      httpStatus: getHTTPStatusCodeFromError(new TRPCError({ code })),
      path,
      reason,
      traceId,
      ...(retryAfter === undefined ? {} : { retryAfter }),
    },
  }
}

export interface ErrorPlace {
  readonly path: string | undefined
  readonly traceId: string
  /** Seconds after which another try makes sense. */
  readonly retryAfter?: number | undefined
}

/** The reason for tRPC's own errors: unparsable body, unknown procedure, wrong method. */
const reasonOfTrpcCode: Partial<Record<TRPC_ERROR_CODE_KEY, Reason>> = {
  PARSE_ERROR: 'invalid_input',
  BAD_REQUEST: 'invalid_input',
  METHOD_NOT_SUPPORTED: 'method_not_allowed',
  UNSUPPORTED_MEDIA_TYPE: 'unsupported_media_type',
  PAYLOAD_TOO_LARGE: 'invalid_input',
  NOT_FOUND: 'not_found',
}

/** The reason of an error. `internal` where it is neither a Failure nor a faulty request. */
export function reasonOf(error: TRPCError): Reason {
  if (error.cause instanceof Failure) return error.cause.reason
  return reasonOfTrpcCode[error.code] ?? 'internal'
}

export interface ErrorData {
  readonly code: TRPC_ERROR_CODE_KEY
  readonly httpStatus: number
  readonly path: string | undefined
  readonly reason: Reason
  readonly traceId: string
  readonly retryAfter?: number
}

export interface ErrorShape {
  readonly message: string
  readonly code: number
  readonly data: ErrorData
}

/** tRPC's error formatter, for both routers. */
export function formatError(opts: {
  error: TRPCError
  ctx: { readonly traceId: string } | undefined
  shape: { data: { path?: string } }
}): ErrorShape {
  const { cause } = opts.error
  return shapeOf(reasonOf(opts.error), {
    path: opts.shape.data.path,
    traceId: opts.ctx?.traceId ?? '',
    retryAfter: cause instanceof Failure ? cause.retryAfter : undefined,
  })
}
