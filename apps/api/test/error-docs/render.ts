import { shapeOf } from '@mianmi/contracts'
import { type Reason, reasons } from '@mianmi/core'
import type { ReasonDoc } from './read-reasons.ts'

interface PageText {
  readonly intro: string
  readonly columns: readonly string[]
}

const english: PageText = {
  intro: `# Error reasons

<!-- Generated from packages/core/src/failure.ts by \`npm run docs:errors\`. Do not edit. -->

[中文](errors.zh-CN.md)

A refused call is a tRPC error. Its \`data\` is \`{ code, httpStatus, path, reason, traceId, retryAfter? }\`; the plain-HTTP
routes carry the same \`reason\` and \`retryAfter\` in \`data\` of their envelope. Branch on \`reason\`: the set is closed. The
message is a fixed text for each reason, for people who read logs, and may be improved. \`retryAfter\` is in seconds.`,
  columns: ['Reason', 'tRPC code, status', 'Meaning', 'When', 'What a client does'],
}

const chinese: PageText = {
  intro: `# 错误原因

<!-- 由 \`npm run docs:errors\` 从 packages/core/src/failure.ts 生成，请勿手工修改。 -->

[English](errors.md)

被拒绝的调用会返回 tRPC 错误，其 \`data\` 为 \`{ code, httpStatus, path, reason, traceId, retryAfter? }\`；普通 HTTP 路由在响应的 \`data\` 中给出同样的
\`reason\` 和 \`retryAfter\`。客户端请按 \`reason\` 分支处理：它是一个封闭的集合。每个 reason 的 message 是固定文本，供查看日志的人阅读，以后可能改进。
\`retryAfter\` 的单位是秒。`,
  columns: ['reason', 'tRPC code 与状态码', '含义', '何时出现', '客户端如何处理'],
}

const pages = { english, chinese }

/** A page of docs/: the table of all reasons, in the order of their declaration. */
export function renderErrors(
  language: keyof typeof pages,
  docs: Readonly<Record<Reason, ReasonDoc>>,
): string {
  const { intro, columns } = pages[language]
  const rows = reasons.map((reason) => {
    const { code, httpStatus } = shapeOf(reason, { path: undefined, traceId: '' }).data
    const { meaning, when, client } = docs[reason]
    return row([`\`${reason}\``, `${code}, ${httpStatus}`, meaning, when, client])
  })
  return [intro, '', row(columns), row(columns.map(() => '---')), ...rows, ''].join('\n')
}

const row = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`
