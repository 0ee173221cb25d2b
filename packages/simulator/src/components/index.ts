import type { ComponentSpace } from 'glass-easel'
import { type BuiltIn, type BuiltInContext, defineBuiltIn } from './built-in.ts'
import { button } from './button.ts'
import { checkbox, checkboxGroup, radio, radioGroup, switchControl } from './checkable-controls.ts'
import { form, label } from './form.ts'
import { icon, image, progress } from './graphics.ts'
import { input, textarea } from './input.ts'
import { navigator } from './navigator.ts'
import { richText } from './rich-text.ts'
import { scrollView } from './scroll-view.ts'
import { slotDefault } from './slot-default.ts'

const view: BuiltIn = { tag: 'view' }
const coverView: BuiltIn = { tag: 'cover-view' }
const text: BuiltIn = {
  tag: 'text',
  properties: { userSelect: false, selectable: false, space: '', decode: false },
}

const BUILT_INS = [
  view,
  coverView,
  text,
  button,
  input,
  textarea,
  form,
  label,
  switchControl,
  checkbox,
  checkboxGroup,
  radio,
  radioGroup,
  image,
  icon,
  progress,
  navigator,
  richText,
  scrollView,
  slotDefault,
]

/** Registers WeChat's built-in components for all templates of `space`. */
export function defineBuiltIns(space: ComponentSpace, context: BuiltInContext): void {
  for (const builtIn of BUILT_INS) defineBuiltIn(space, builtIn, context)
}
