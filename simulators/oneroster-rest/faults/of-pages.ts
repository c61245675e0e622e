import type { FaultKind } from './fault.ts'

/** Pages that are well formed and do not add up. */
export const faultsOfPages = {
  'repeated-page': {
    about: 'a page has the rows of the page before it',
    page: 2,
    times: 1,
    view: ({ limit }, size) => ({ size, source: (position) => Math.max(0, position - limit) }),
  },
  'moved-rows': {
    about: 'after a page, rows of its beginning move to the end: later pages skip rows and the last ones repeat some',
    page: 1,
    times: 1,
    numbers: { rows: 3 },
    move: (size, { rows }) => ({ size, source: (position) => (position + rows) % Math.max(1, size) }),
  },
  'shrinking-collection': {
    about: 'after a page, rows of its beginning are gone: later pages skip rows, and the total is smaller',
    page: 1,
    times: 1,
    numbers: { rows: 3 },
    move: (size, { rows }) => ({ size: Math.max(0, size - rows), source: (position) => position + rows }),
  },
  'lying-total': {
    about: 'X-Total-Count is wrong by so many',
    numbers: { by: 7 },
    total: (total, { by }) => Math.max(0, total + by),
  },
  'no-total': { about: 'there is no X-Total-Count', total: () => undefined },
  'no-link': { about: 'there is no Link header', next: () => null },
  'looping-next': {
    about: 'the next link of a page leads to that page',
    page: 2,
    next: ({ offset }, urlOf) => urlOf(offset),
  },
  'short-pages': {
    about: 'pages have fewer rows than are asked for',
    numbers: { rows: 50 },
    cap: ({ rows }) => rows,
  },
  'named-after-path': {
    about: 'the collection is named after the path: students in place of users',
    envelope: (_, { collection }) => collection,
  },
  'odd-case': {
    about: 'names of collections, and of one field of demographics, begin with a capital',
    envelope: (plural) => plural.slice(0, 1).toUpperCase() + plural.slice(1),
    row: ({ hispanicOrLatinoEthnicity, ...rest }) =>
      hispanicOrLatinoEthnicity === undefined
        ? rest
        : { ...rest, HispanicOrLatinoEthnicity: hispanicOrLatinoEthnicity },
  },
  'filter-finds-nothing': {
    about: 'whatever the filter, nothing is found',
    isOfFilters: true,
    view: () => ({ size: 0, source: (position) => position }),
  },
  'filter-ignored': { about: 'filter is passed over', ignoresFilter: true },
} satisfies Readonly<Record<string, FaultKind>>
