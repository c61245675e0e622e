import { schoolSourcedId } from '../oneroster-package/make-package.ts'
import type { Layout } from './layout.ts'
import { lifecycleOf } from './lifecycle.ts'
import { joinListings, listingOf, makeListing, type Listing } from './listing.ts'
import type { Org } from './records.ts'

/** The district, a department, a school that was closed and the schools. */
export function listOrgs(layout: Layout): Listing<Org> {
  const schools = Array.from({ length: layout.schools }, (_, index) => schoolSourcedId(index + 1))
  const others: Org[] = [
    {
      ...{ sourcedId: 'district', name: 'Lincoln County Schools', type: 'district', identifier: '9900000' },
      ...{ parent: '', children: ['department-transport', ...schools] },
      ...lifecycleOf(layout, 1),
    },
    {
      ...{ sourcedId: 'department-transport', name: 'Transport', type: 'department', identifier: '9990001' },
      ...{ parent: 'district', children: [] },
      ...lifecycleOf(layout, 2),
    },
    {
      ...{ sourcedId: 'school-closed', name: 'Lincoln Old School', type: 'school', identifier: '9990002' },
      ...{ parent: 'district', children: [] },
      ...lifecycleOf(layout, 3, { removedOn: 1 }),
    },
  ]
  const open = makeListing(layout.schools, (index): Org => ({
    sourcedId: schoolSourcedId(index + 1),
    name: `Lincoln School ${String(index + 1)}`,
    type: 'school',
    identifier: `99${String(index + 1).padStart(5, '0')}`,
    parent: 'district',
    children: [],
    ...lifecycleOf(layout, index + 10),
  }))
  return joinListings(listingOf(others), open)
}
