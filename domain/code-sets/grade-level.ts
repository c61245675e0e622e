import type { CodeSet } from './registry.ts'

/** CEDS entry grade levels; a deployment may use its own, `J1` in Japan. */
export const gradeLevel: CodeSet = {
  values: [
    'IT',
    'PR',
    'PK',
    'TK',
    'KG',
    '01',
    '02',
    '03',
    '04',
    '05',
    '06',
    '07',
    '08',
    '09',
    '10',
    '11',
    '12',
    '13',
    'PS',
    'UG',
    'Other',
  ],
  isOpen: true,
}
