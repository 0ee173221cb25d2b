import { Element, TextNode } from 'glass-easel'
import type { BuiltIn, BuiltInHost } from './built-in.ts'

/** Shows the default content of the slot before it while nothing is in that slot; see compile/slot-defaults.ts. */
export const slotDefault: BuiltIn = {
  tag: 'sim-slot-default',
  mount(host) {
    const sync = (): void => {
      host.element.toggleAttribute('hidden', hasContent(slotBefore(host)))
    }
    // What is in the slot has the same parent in the document.
    const { MutationObserver } = host.document.defaultView ?? globalThis
    const observer = new MutationObserver(sync)
    const parent = host.element.parentElement
    if (parent) observer.observe(parent, { childList: true, characterData: true, subtree: true })
    return { sync, unmount: () => observer.disconnect() }
  },
}

type SlotNode = Element | TextNode

function slotBefore({ component }: BuiltInHost): SlotNode | undefined {
  const siblings = component.parentNode?.childNodes ?? []
  return siblings[siblings.indexOf(component) - 1]
}

/** Whether anything is in a slot: an element, or text that is not blank, also of a slot that is in this slot. */
function hasContent(slot: SlotNode | undefined): boolean {
  return ((slot?.slotNodes ?? []) as SlotNode[]).some((node) => {
    if (TextNode.isTextNode(node)) return node.textContent.trim() !== ''
    if (Element.getSlotName(node) !== undefined) return hasContent(node)
    return !Element.getInheritSlots(node)
  })
}
