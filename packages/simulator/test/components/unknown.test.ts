// @vitest-environment jsdom
import { afterEach, beforeEach, expect, type MockInstance, test, vi } from 'vitest'
import { compilePage } from '../compile-files.ts'
import { start } from '../launch.ts'

let warn: MockInstance<typeof console.warn>
beforeEach(() => {
  warn = vi.spyOn(console, 'warn').mockReturnValue()
})
afterEach(() => warn.mockRestore())

test('each tag that is not simulated is named once in a warning, and its content is shown', async () => {
  const app = await compilePage(
    '<swiper><swiper-item data-testid="a">one</swiper-item><swiper-item>two</swiper-item></swiper><view />',
  )
  const { find } = await start(undefined, { app })
  expect(find('a').textContent).toBe('one')
  expect(warn.mock.calls.flat()).toEqual([
    '<swiper> is not simulated',
    '<swiper-item> is not simulated',
  ])
})

test('a handler that the page does not have is named once in a warning, when its event occurs', async () => {
  const app = await compilePage(
    `<view data-testid="gone" bindtap="gone" />
     <view data-testid="stop" catchtap="true"><view catchtap data-testid="inner" /></view>
     <view data-testid="late" bindtap="late" />`,
    {
      'page/index.js':
        'Page({ onLoad() { this.late = function ({ type }) { wx.write(type + (this === getCurrentPages()[0])) } } })',
    },
  )
  const { tap, log } = await start(undefined, { app })
  expect(warn).not.toHaveBeenCalled()
  for (const id of ['gone', 'gone', 'stop', 'inner', 'late']) tap(id)
  expect(warn.mock.calls.flat()).toEqual(['page/index has no method "gone" for the event "tap"'])
  expect(log()).toEqual(['taptrue'])
})

test('a component may have a property named dataset, besides its data-*', async () => {
  const app = await compilePage(
    '<x-chart data-id="7" dataset="{{ events }}" bind:tap="note" data-testid="chart" />',
    {
      'page/index.json': '{ "usingComponents": { "x-chart": "chart" } }',
      'page/index.js': `Page({
        data: { events: ['one'] },
        note({ currentTarget }) { this.setData({ events: [currentTarget.dataset.id] }) },
      })`,
      'page/chart.json': '{ "component": true }',
      'page/chart.wxml': '<text>{{ dataset[0] }}</text>',
      'page/chart.js': `Component({
        properties: { dataset: Array, id: String, parentNode: String },
        observers: { dataset(value) { wx.write(value[0] + this.properties.dataset[0]) } },
      })`,
    },
  )
  const { find, tap, log } = await start(undefined, { app })
  expect(find('chart').textContent).toBe('one')
  tap('chart')
  expect(find('chart').textContent).toBe('7')
  expect(log()).toEqual(['oneone', '77'])
})

test('a relation to a component that the page does not use is no unknown tag', async () => {
  const app = await compilePage('<x-item />', {
    'page/index.json': '{ "usingComponents": { "x-item": "item" } }',
    'page/item.js': "Component({ relations: { './list': { type: 'parent' } } })",
    'page/item.json': '{ "component": true }',
    'page/item.wxml': '<view />',
  })
  await start(undefined, { app })
  expect(warn.mock.calls.flat().filter((text) => String(text).startsWith('<'))).toEqual([])
})
