import { expect, test } from 'vitest'
import { moveSlotDefaults } from './slot-defaults.ts'

test.each([
  ['<slot>\n a</slot>', '<slot></slot><sim-slot-default>\n a</sim-slot-default>'],
  [
    `<slot name='a > b' slot="c" wx:if="{{ d }}">e</slot>`,
    `<block wx:if="{{ d }}"><slot name='a > b' slot="c"></slot><sim-slot-default slot="c">e</sim-slot-default></block>`,
  ],
  [
    '<slot name="a"><slot>b</slot></slot>',
    '<slot name="a"></slot><sim-slot-default><slot></slot><sim-slot-default>b</sim-slot-default></sim-slot-default>',
  ],
])('the default content of %s follows the slot', (wxml, expected) => {
  expect(moveSlotDefaults(wxml)).toBe(expected)
})

test.each([
  '<slot />',
  '<slot name="a"/>b<slot></slot>',
  '<slot> <!-- c --> </slot>',
  '<!-- <slot>a</slot> -->',
  '<wxs module="m">var a = "<slot>a</slot>"</wxs>',
  '<slot-box>a</slot-box>',
  '<view><slot>a</view>',
  '<view>a</slot></view>',
])('%s stays as it is', (wxml) => {
  expect(moveSlotDefaults(wxml)).toBe(wxml)
})
