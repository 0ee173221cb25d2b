import { byId, element } from '../element.ts'
import { hueOf, initialOf } from '../phone/avatar.ts'
import { isPreset, presetPeople, shownName } from './people.ts'
import { createRadioChip } from './radio-chip.ts'

const personKey = 'playground:person'
const guestsKey = 'playground:guests'
const maxCustomPeople = 3

/** Selects the user who holds the phone. The selection and the last entered names are stored. */
export function setUpPersonSelector(onChoose: (person: string) => void): string {
  let customPeople = parseCustomPeople(localStorage.getItem(guestsKey))
  let current = localStorage.getItem(personKey) ?? ''
  if (![...presetPeople, ...customPeople].includes(current)) current = presetPeople[0] ?? ''

  const choose = (person: string): void => {
    current = person
    localStorage.setItem(personKey, person)
    onChoose(person)
  }
  const draw = (): void => {
    const choices = [...presetPeople, ...customPeople].map((person) =>
      createRadioChip({
        name: 'person',
        value: person,
        label: portrait(person),
        testid: `person-${person}`,
        isChosen: person === current,
        onChoose: () => choose(person),
      }),
    )
    byId('people-list').replaceChildren(...choices)
  }

  const input = byId<HTMLInputElement>('person-input')
  byId('people-form').addEventListener('submit', (event) => {
    event.preventDefault()
    const name = input.value.trim()
    if (name === '') return input.focus()
    input.value = ''
    if (!isPreset(name) && !customPeople.includes(name))
      customPeople = [...customPeople, name].slice(-maxCustomPeople)
    localStorage.setItem(guestsKey, JSON.stringify(customPeople))
    choose(name)
    draw()
  })
  draw()
  return current
}

function portrait(person: string): HTMLElement {
  const picture = element('i', { class: 'portrait', 'aria-hidden': 'true' }, [initialOf(person)])
  picture.style.setProperty('--hue', String(hueOf(person)))
  return element('span', {}, [picture, nameOf(person)])
}

function nameOf(person: string): HTMLElement {
  const attributes = {
    class: 'person',
    'data-t': isPreset(person) ? `people.${person}` : undefined,
  }
  return element('span', attributes, [shownName(person)])
}

function parseCustomPeople(text: string | null): string[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []
  } catch {
    return []
  }
}
