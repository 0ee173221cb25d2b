/** The sign of the house: a keyhole that needs no key. */
Component({})
