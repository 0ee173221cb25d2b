import { byId, element } from '../element.ts'
import { hueOf, initialOf } from '../phone/portrait.ts'
import { createChoice } from './choice.ts'

const everybody = ['小明', '小红', '老王']
const personKey = 'playground:person'
const guestsKey = 'playground:guests'
const mostGuests = 3

/** Who holds the phone; remembered, as are the last names that were typed. */
export function setUpPeople(onChoose: (person: string) => void): string {
  let guests = guestsIn(localStorage.getItem(guestsKey))
  let current = localStorage.getItem(personKey) ?? ''
  if (![...everybody, ...guests].includes(current)) current = everybody[0] ?? ''

  const choose = (person: string): void => {
    current = person
    localStorage.setItem(personKey, person)
    onChoose(person)
  }
  const draw = (): void => {
    const choices = [...everybody, ...guests].map((person) =>
      createChoice({
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
    if (![...everybody, ...guests].includes(name)) guests = [...guests, name].slice(-mostGuests)
    localStorage.setItem(guestsKey, JSON.stringify(guests))
    choose(name)
    draw()
  })
  draw()
  return current
}

function portrait(person: string): HTMLElement {
  const picture = element('i', { class: 'portrait', 'aria-hidden': 'true' }, [initialOf(person)])
  picture.style.setProperty('--hue', String(hueOf(person)))
  return element('span', {}, [picture, element('span', { class: 'person' }, [person])])
}

function guestsIn(text: string | null): string[] {
  try {
    const value: unknown = JSON.parse(text ?? '[]')
    return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : []
  } catch {
    return []
  }
}
