// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { fail, type OutputOf, type Replies } from './harness/fake-service.ts'
import { minutesAgo } from './harness/fixtures.ts'
import { type OpenedConsole, openConsole } from './harness/open-console.tsx'

type Webhook = OutputOf<'webhooks.list'>['webhooks'][number]
type Dead = OutputOf<'webhooks.deliveries'>['items'][number]

const listed = (change: Partial<Webhook> = {}): Webhook => ({
  id: 'webhook-1',
  url: 'https://orders.example/hooks',
  events: ['user.created', 'user.deleted'],
  createdAt: minutesAgo(100),
  createdBy: 'admin-1',
  disabledAt: null,
  disabledReason: null,
  previousSecretUntil: null,
  pending: 0,
  oldestPendingAt: null,
  lastError: null,
  dead: 0,
  ...change,
})

const dead = (change: Partial<Dead> = {}): Dead => ({
  id: 'delivery-1',
  webhookId: 'webhook-1',
  eventId: 'event-1',
  type: 'user.created',
  userId: 'user-1',
  occurredAt: minutesAgo(5_000),
  attempts: 12,
  error: 'HTTP 500',
  deadAt: minutesAgo(3),
  ...change,
})

const replies: Replies = {
  'webhooks.list': {
    webhooks: [
      listed(),
      listed({
        id: 'webhook-2',
        url: 'https://pay.example/hooks',
        pending: 7,
        oldestPendingAt: minutesAgo(30),
        lastError: 'ECONNREFUSED',
        previousSecretUntil: minutesAgo(-60),
      }),
      listed({
        id: 'webhook-3',
        url: 'https://old.example/hooks',
        disabledAt: minutesAgo(1),
        disabledReason: 'gone',
      }),
    ],
    waiting: 0,
    unreadable: 0,
  },
  'webhooks.deliveries': { items: [dead()], next: null },
  'webhooks.create': { id: 'webhook-4', secret: 'whsec_sentinel' },
  'webhooks.rotateSecret': { secret: 'whsec_sentinel', previousUntil: minutesAgo(-60) },
  'webhooks.update': {},
  'webhooks.remove': {},
  'webhooks.test': {},
  'webhooks.replay': { replayed: 1 },
  'webhooks.discard': { discarded: 1 },
}

const codeLabel = '你的验证器上的 6 位数字'

async function open(more: Replies = {}, path = '/webhooks'): Promise<OpenedConsole> {
  const console = openConsole(path, { ...replies, ...more })
  await screen.findByRole('table', { name: 'Webhook 列表' })
  return console
}

function rowOf(name: string, table = 'Webhook 列表') {
  const cell = within(screen.getByRole('table', { name: table })).getByText(name)
  const row = cell.closest('tr')
  if (row === null) throw new Error(`no row of ${name}`)
  return within(row)
}

const openDialog = async () => within(await screen.findByRole('dialog'))

it('webhooks are listed with their events, their state and what can be done', async () => {
  await open()
  expect(rowOf('https://orders.example/hooks').getByText('正常')).toBeTruthy()
  expect(rowOf('https://orders.example/hooks').getByText('user.created user.deleted')).toBeTruthy()
  const failing = rowOf('https://pay.example/hooks')
  expect(failing.getByText('最近失败：ECONNREFUSED')).toBeTruthy()
  expect(failing.getByText(/^旧密钥有效至/)).toBeTruthy()
  expect(failing.getByText(/^7 个，最早/)).toBeTruthy()
  const gone = rowOf('https://old.example/hooks')
  expect(gone.getByText('接收方已关闭（HTTP 410），已停用')).toBeTruthy()
  expect(gone.getByRole('button', { name: '测试' })).toHaveProperty('disabled', true)
})

it('events that are no deliveries yet, and those that cannot be read, are counted above the list', async () => {
  const list = { webhooks: [listed()], waiting: 7, unreadable: 2 }
  openConsole('/webhooks', { ...replies, 'webhooks.list': list })
  await screen.findByText('7 次变更的事件还没有生成投递。')
  expect(screen.getByText(/^2 次变更的事件无法读取/)).toBeTruthy()
})

it('where there is no webhook, the page says what one is for', async () => {
  openConsole('/webhooks', {
    ...replies,
    'webhooks.list': { webhooks: [], waiting: 0, unreadable: 0 },
  })
  await screen.findByText('还没有 webhook')
  expect(screen.queryByRole('table')).toBeNull()
})

it('a new webhook needs an address, an event and a code; its secret is shown once and not kept', async () => {
  const console = await open()
  await console.user.click(screen.getByRole('button', { name: '创建 webhook' }))
  const dialog = await openDialog()
  await console.user.type(dialog.getByLabelText('地址'), 'ftp://orders.example')
  await console.user.click(dialog.getByRole('button', { name: '创建 webhook' }))
  await dialog.findByText('http 或 https 地址，不含用户名和密码')
  await dialog.findByText('至少选择一项')
  await dialog.findByText('请输入 6 位数字')
  expect(console.service.inputs('webhooks.create')).toEqual([])
  await console.user.clear(dialog.getByLabelText('地址'))
  await console.user.type(dialog.getByLabelText('地址'), 'https://new.example/hooks')
  await console.user.click(dialog.getByLabelText('session.ended'))
  await console.user.type(dialog.getByLabelText(codeLabel), '123456')
  await console.user.click(dialog.getByRole('button', { name: '创建 webhook' }))
  await screen.findByText('whsec_sentinel')
  expect(console.service.inputs('webhooks.create')).toEqual([
    { url: 'https://new.example/hooks', events: ['session.ended'], code: '123456' },
  ])
  await console.user.click(screen.getByRole('button', { name: '我已保存好' }))
  await waitFor(() => expect(screen.queryByText('whsec_sentinel')).toBeNull())
  const cached = console.queryClient.getMutationCache().getAll()
  expect(JSON.stringify(cached.map(({ state }) => state))).not.toContain('whsec_sentinel')
})

it('an address that the service refuses is explained in the dialog', async () => {
  const console = await open({ 'webhooks.create': () => fail('invalid_input') })
  await console.user.click(screen.getByRole('button', { name: '创建 webhook' }))
  const dialog = await openDialog()
  await console.user.type(dialog.getByLabelText('地址'), 'http://10.0.0.1/hooks')
  await console.user.click(dialog.getByLabelText('user.created'))
  await console.user.type(dialog.getByLabelText(codeLabel), '123456')
  await console.user.click(dialog.getByRole('button', { name: '创建 webhook' }))
  await dialog.findByText(/WEBHOOK_ALLOW/)
})

it('an edit begins with what the webhook has', async () => {
  const console = await open()
  await console.user.click(
    rowOf('https://orders.example/hooks').getByRole('button', { name: '修改' }),
  )
  const dialog = await openDialog()
  await console.user.click(dialog.getByLabelText('user.deleted'))
  await console.user.click(dialog.getByLabelText('identity.bound'))
  await console.user.type(dialog.getByLabelText(codeLabel), '123456')
  await console.user.click(dialog.getByRole('button', { name: '保存' }))
  await waitFor(() =>
    expect(console.service.inputs('webhooks.update')).toEqual([
      {
        webhookId: 'webhook-1',
        url: 'https://orders.example/hooks',
        events: ['user.created', 'identity.bound'],
        code: '123456',
      },
    ]),
  )
})

it.each([
  ['https://orders.example/hooks', '停用', false],
  ['https://old.example/hooks', '启用', true],
] as const)('%s: %s asks for a code', async (url, verb, enabled) => {
  const console = await open()
  await console.user.click(rowOf(url).getByRole('button', { name: verb }))
  const dialog = await openDialog()
  await console.user.type(dialog.getByLabelText(codeLabel), '123456')
  await console.user.click(dialog.getByRole('button', { name: verb }))
  await waitFor(() =>
    expect(console.service.inputs('webhooks.update')).toMatchObject([{ enabled, code: '123456' }]),
  )
  await waitFor(() => expect(console.service.inputs('webhooks.list')).toHaveLength(2))
})

it('a rotation asks for a code and shows the new secret', async () => {
  const console = await open()
  const row = rowOf('https://orders.example/hooks')
  await console.user.click(row.getByRole('button', { name: '轮换密钥' }))
  const dialog = await openDialog()
  await console.user.type(dialog.getByLabelText(codeLabel), '123456')
  await console.user.click(dialog.getByRole('button', { name: '轮换密钥' }))
  await screen.findByText('whsec_sentinel')
  expect(console.service.inputs('webhooks.rotateSecret')).toEqual([
    { webhookId: 'webhook-1', overlapHours: 24, code: '123456' },
  ])
})

it('a test is sent at once', async () => {
  const console = await open()
  const row = rowOf('https://orders.example/hooks')
  await console.user.click(row.getByRole('button', { name: '测试' }))
  await screen.findByText(/^已发送测试事件/)
  expect(console.service.inputs('webhooks.test')).toEqual([{ webhookId: 'webhook-1' }])
})

it('a removal is confirmed, and the lists are fetched again', async () => {
  const console = await open()
  const row = rowOf('https://orders.example/hooks')
  await console.user.click(row.getByRole('button', { name: '移除' }))
  const dialog = await openDialog()
  await console.user.click(dialog.getByRole('button', { name: '移除' }))
  await waitFor(() =>
    expect(console.service.inputs('webhooks.remove')).toEqual([{ webhookId: 'webhook-1' }]),
  )
  await waitFor(() => expect(console.service.inputs('webhooks.list')).toHaveLength(2))
})

it('what was given up is listed; one is replayed at once, and discarded after a confirmation', async () => {
  const console = await open()
  await screen.findByRole('table', { name: '已放弃的投递' })
  const row = () => rowOf('HTTP 500 (12 次)', '已放弃的投递')
  expect(row().getByRole('link', { name: 'user-1' })).toBeTruthy()
  expect(row().getByText('orders.example/hooks')).toBeTruthy()
  await console.user.click(row().getByRole('button', { name: '重新投递' }))
  await screen.findByText('已重新排队 1 个')
  await console.user.click(row().getByRole('button', { name: '丢弃' }))
  const dialog = await openDialog()
  await console.user.click(dialog.getByRole('button', { name: '丢弃' }))
  await screen.findByText('已丢弃 1 个')
  expect(console.service.inputs('webhooks.replay')).toEqual([{ deliveryId: 'delivery-1' }])
  expect(console.service.inputs('webhooks.discard')).toEqual([{ deliveryId: 'delivery-1' }])
})

it('all of one webhook are replayed or discarded together, after it is chosen', async () => {
  const console = await open()
  await screen.findByRole('table', { name: '已放弃的投递' })
  expect(screen.queryByRole('button', { name: '全部重新投递' })).toBeNull()
  const options = ['全部 webhook', 'pay.example/hooks']
  expect(screen.getByRole('option', { name: options[0] as string })).toBeTruthy()
  await console.user.selectOptions(screen.getByLabelText('Webhook'), options[1] as string)
  await console.user.click(await screen.findByRole('button', { name: '全部重新投递' }))
  await waitFor(() =>
    expect(console.service.inputs('webhooks.replay')).toEqual([{ webhookId: 'webhook-2' }]),
  )
  expect(console.url()).toBe('/webhooks?webhook=webhook-2')
  expect(console.service.inputs('webhooks.deliveries')).toContainEqual({ webhookId: 'webhook-2' })
})

it('pages of what was given up follow the cursor', async () => {
  const console = await open({ 'webhooks.deliveries': { items: [dead()], next: 'cursor-2' } })
  await console.user.click(await screen.findByRole('button', { name: '下一页' }))
  await waitFor(() =>
    expect(console.service.inputs('webhooks.deliveries')).toContainEqual({ cursor: 'cursor-2' }),
  )
})
