import { bool, date, float, integer, only11, only12, optional, pairList, reference, required, text } from './column.ts'
import type { FileTable } from './column.ts'
import * as vocabulary from './vocabularies.ts'

/** The gradebook files of OneRoster CSV. */
export const gradebookFiles: readonly FileTable[] = [
  {
    name: 'categories',
    in11: true,
    lines: [required('title', text), only12('optional', 'weight', integer)],
  },
  {
    name: 'lineItems',
    in11: true,
    lines: [
      required('title', text),
      optional('description', text),
      required('assignDate', date),
      required('dueDate', date),
      required('classSourcedId', reference('classes')),
      required('categorySourcedId', reference('categories')),
      only11('required', 'gradingPeriodSourcedId', reference('academicSessions')),
      only12('required', 'academicSessionSourcedId', reference('academicSessions')),
      { name: 'resultValueMin', in11: 'required', in12: 'optional', kind: float },
      { name: 'resultValueMax', in11: 'required', in12: 'optional', kind: float },
      only12('required', 'schoolSourcedId', reference('orgs')),
    ],
  },
  {
    name: 'results',
    in11: true,
    lines: [
      required('lineItemSourcedId', reference('lineItems')),
      required('studentSourcedId', reference('users')),
      required('scoreStatus', vocabulary.scoreStatus),
      { name: 'score', in11: 'required', in12: 'optional', kind: float },
      required('scoreDate', date),
      optional('comment', text),
      only12('optional', 'textScore', text),
      only12('optional', 'classSourcedId', reference('classes')),
      only12('optional', 'inProgress', bool),
      only12('optional', 'incomplete', bool),
      only12('optional', 'late', bool),
      only12('optional', 'missing', bool),
    ],
  },
  {
    name: 'scoreScales',
    in11: false,
    lines: [
      only12('required', 'title', text),
      only12('required', 'type', text),
      only12('required', 'orgSourcedId', reference('orgs')),
      only12('required', 'courseSourcedId', reference('courses')),
      only12('required', 'classSourcedId', reference('classes')),
      only12('required', 'scoreScaleValue', pairList),
    ],
  },
  {
    name: 'lineItemScoreScales',
    in11: false,
    lines: [
      only12('optional', 'title', text),
      only12('required', 'lineItemSourcedId', reference('lineItems')),
      only12('required', 'scoreScaleSourcedId', reference('scoreScales')),
    ],
  },
  {
    name: 'resultScoreScales',
    in11: false,
    lines: [
      only12('optional', 'title', text),
      only12('required', 'resultSourcedId', reference('results')),
      only12('required', 'scoreScaleSourcedId', reference('scoreScales')),
    ],
  },
  {
    name: 'lineItemLearningObjectiveIds',
    in11: false,
    lines: [
      only12('required', 'lineItemSourcedId', reference('lineItems')),
      only12('required', 'source', vocabulary.objectiveSource),
      only12('required', 'learningObjectiveId', text),
    ],
  },
  {
    name: 'resultLearningObjectiveIds',
    in11: false,
    lines: [
      only12('required', 'resultSourcedId', reference('results')),
      only12('required', 'source', vocabulary.objectiveSource),
      only12('required', 'learningObjectiveId', text),
      only12('optional', 'score', float),
      only12('optional', 'textScore', text),
    ],
  },
]
