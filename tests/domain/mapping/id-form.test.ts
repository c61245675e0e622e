import assert from 'node:assert/strict'
import fc from 'fast-check'
import { compileForms, formOfId, idFormCharacters } from '../../../domain/mapping/id-form.ts'

describe('the form of an id', () => {
  it('has a digit for every digit and a letter for every letter, and the rest as it is', () => {
    assert.equal(formOfId('S-00417.é'), 'a-99999.é')
  })

  it('is what the characters given to SQL make of it', () => {
    const { from, to } = idFormCharacters
    const translate = (id: string) =>
      Array.from(id, (one) => (from.includes(one) ? to[from.indexOf(one)] : one)).join('')
    fc.assert(fc.property(fc.string(), (id) => assert.equal(formOfId(id), translate(id))))
  })

  it('is had by just the ids that have it', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'binary' }), { maxLength: 5 }),
        fc.string({ unit: 'binary' }),
        (held, id) => {
          const forms = new Set(held.map(formOfId))
          const isOfForm = compileForms(forms)
          assert.equal(isOfForm(id), forms.has(formOfId(id)))
          for (const one of held) assert.equal(isOfForm(one), true)
        },
      ),
    )
  })
})
