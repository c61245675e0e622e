import { only12, optional, reference, required, text } from './column.ts'
import type { FileTable } from './column.ts'
import * as vocabulary from './vocabularies.ts'

/** The resource files of OneRoster CSV. */
export const resourceFiles: readonly FileTable[] = [
  {
    name: 'resources',
    in11: true,
    lines: [
      required('vendorResourceId', text),
      optional('title', text),
      optional('roles', vocabulary.resourceRoles),
      optional('importance', vocabulary.importance),
      optional('vendorId', text),
      optional('applicationId', text),
    ],
  },
  {
    name: 'classResources',
    in11: true,
    lines: [
      optional('title', text),
      required('classSourcedId', reference('classes')),
      required('resourceSourcedId', reference('resources')),
    ],
  },
  {
    name: 'courseResources',
    in11: true,
    lines: [
      optional('title', text),
      required('courseSourcedId', reference('courses')),
      required('resourceSourcedId', reference('resources')),
    ],
  },
  {
    name: 'userResources',
    in11: false,
    lines: [
      only12('required', 'userSourcedId', reference('users')),
      only12('optional', 'orgSourcedId', reference('orgs')),
      only12('optional', 'classSourcedId', reference('classes')),
      only12('required', 'resourceSourcedId', reference('resources')),
    ],
  },
]
