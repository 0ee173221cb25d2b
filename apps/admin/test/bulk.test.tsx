// @vitest-environment jsdom
import { screen, waitFor, within } from '@testing-library/react'
import { expect, it } from 'vitest'
import { collectDownloads } from './harness/downloads.ts'
import type { Replies } from './harness/fake-service.ts'
import { listedPerson, personView } from './harness/fixtures.ts'
import { openConsole } from './harness/open-console.tsx'

const people = [listedPerson(), listedPerson({ id: 'user-2', nickname: '小晴' })]
const openPeople = (replies: Replies = {}) =>
  openConsole('/people', { 'people.list': { items: people, next: null, count: null }, ...replies })

it('selected people are disabled after a preview, with a reason', async () => {
  const { user, service } = openPeople({
    'people.previewBulk': {
      people: 1,
      sessions: 3,
      skipped: [{ userId: 'user-2', why: 'disabled' }],
    },
    'people.bulk': { people: 1, sessions: 3, skipped: [] },
  })
  await user.click(await screen.findByRole('checkbox', { name: '选择本页全部人员' }))
  await screen.findByText('已选择 2 人')
  await user.click(screen.getByRole('button', { name: '停用' }))
  const dialog = await screen.findByRole('dialog', { name: '停用所选人员？' })
  await within(dialog).findByText(/将停用 1 人，并结束 3 个会话/)
  expect(within(dialog).getByText('跳过 1 人：已经停用')).toBeTruthy()
  const confirm = within(dialog).getByRole('button', { name: '停用' })
  expect((confirm as HTMLButtonElement).disabled).toBe(true)
  await user.type(within(dialog).getByLabelText('原因'), ' 垃圾账号 ')
  await user.click(confirm)
  await screen.findByText('已处理 1 人，结束 3 个会话')
  const order = { action: 'disable', userIds: ['user-1', 'user-2'] }
  expect(service.inputs('people.previewBulk')).toEqual([order])
  expect(service.inputs('people.bulk')).toEqual([{ ...order, reason: '垃圾账号' }])
  await waitFor(() => expect(screen.queryByText(/已选择/)).toBeNull())
})

it('nothing is confirmed where nobody is concerned', async () => {
  const { user } = openPeople({
    'people.previewBulk': {
      people: 0,
      sessions: 0,
      skipped: [{ userId: 'user-1', why: 'administrator' }],
    },
  })
  await user.click(await screen.findByRole('checkbox', { name: '选择 小雨' }))
  await user.click(await screen.findByRole('button', { name: '吊销会话' }))
  const dialog = await screen.findByRole('dialog', { name: '吊销所选人员的会话？' })
  await within(dialog).findByText(/将结束 0 人的 0 个会话/)
  await user.type(within(dialog).getByLabelText('原因'), '丢失手机')
  const confirm = within(dialog).getByRole('button', { name: '吊销会话' })
  expect((confirm as HTMLButtonElement).disabled).toBe(true)
})

it('people are exported with masked numbers, and with full ones when that is asked for', async () => {
  const downloads = collectDownloads()
  const { user, service } = openConsole('/people?status=disabled', {
    'people.list': { items: people, next: null, count: null },
    'people.export': { items: people, next: null },
    'people.exportPhones': { items: people, next: null },
  })
  await screen.findByText('小晴')
  await user.click(screen.getByRole('button', { name: '导出 CSV' }))
  const dialog = await screen.findByRole('dialog', { name: '导出人员' })
  await user.click(within(dialog).getByRole('button', { name: '导出' }))
  await within(dialog).findByText(/已导出 2 人/)
  expect(service.inputs('people.export')).toEqual([{ status: 'disabled', limit: 500 }])
  await user.click(within(dialog).getByRole('checkbox', { name: '包含完整手机号' }))
  await within(dialog).findByText(/审计日志/)
  await user.click(within(dialog).getByRole('button', { name: '导出' }))
  await waitFor(() => expect(service.inputs('people.exportPhones')).toHaveLength(1))
  await waitFor(() => expect(downloads).toHaveLength(2))
})

it('notes are shown with their author, added and removed', async () => {
  const note = {
    id: 'n1',
    at: '2026-11-22T10:05:00.000Z',
    operatorId: 'admin-1',
    operatorName: 'shouye',
    text: '来电要求退款',
  }
  const { user, service } = openConsole('/people/user-1', {
    'people.view': { ...personView(), notes: [note] },
    'people.addNote': { note },
    'people.removeNote': {},
  })
  const notes = within(await screen.findByRole('region', { name: '备注' }))
  expect(notes.getByText('来电要求退款')).toBeTruthy()
  expect(notes.getByText(/shouye/)).toBeTruthy()
  await user.type(notes.getByLabelText('新备注'), ' 已回复 ')
  await user.click(notes.getByRole('button', { name: '添加备注' }))
  await screen.findByText('备注已添加')
  expect(service.inputs('people.addNote')).toEqual([{ userId: 'user-1', text: '已回复' }])
  await user.click(notes.getByRole('button', { name: '删除备注' }))
  const dialog = await screen.findByRole('dialog', { name: '删除这条备注？' })
  await user.click(within(dialog).getByRole('button', { name: '删除备注' }))
  await screen.findByText('备注已删除')
  expect(service.inputs('people.removeNote')).toEqual([{ userId: 'user-1', noteId: 'n1' }])
})
