/** The product's logo: a keyhole. */
Component({})
