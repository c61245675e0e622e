import type { Readable } from 'node:stream'
import { makePackage, schoolSourcedId } from './make-package.ts'

/** How many students Lincoln County has besides the cast below. */
const lincolnCountyStudents = 2400

/**
 * Each of them is there for a reason, so that a first look at the demo shows findings of every kind. Columns as in
 * users.csv: sourcedId, status, dateLastModified, enabledUser, orgSourcedIds, role, username, userIds, givenName,
 * familyName, middleName, identifier, email, sms, phone, agentSourcedIds, grades, password.
 */
const cast: readonly string[] = [
  // Goes to two schools: the first of them is hers.
  'cast-two-schools,,,true,"school-001,school-002",student,irowe,{LDAP:c1},Ines,Rowe,,9990001,irowe@students.lincoln.example,,,,10,',
  // Twins with one e-mail address (S-20).
  'cast-twin-a,,,true,school-001,student,tvance1,{LDAP:c2},Theo,Vance,,9990002,vance.family@lincoln.example,,,,03,',
  'cast-twin-b,,,true,school-001,student,tvance2,{LDAP:c3},Tess,Vance,,9990003,vance.family@lincoln.example,,,,03,',
  // An apostrophe and an accent.
  "cast-accent,,,true,school-002,student,zodell,{LDAP:c4},Zoë,O'Dell,,9990004,zodell@students.lincoln.example,,,,12,",
  // Spreadsheet habits: a lost zero in the grade (F-12), a shouted boolean (F-06), a blank at the end (C-11).
  'cast-spreadsheet,,,TRUE,school-002,student,mpike,{LDAP:c5},Milo ,Pike,,9990005,mpike@students.lincoln.example,,,,9,',
  // Left the district: may not sign in, is not imported.
  'cast-left,,,false,school-003,student,jmoss,{LDAP:c6},Juno,Moss,,9990006,jmoss@students.lincoln.example,,,,08,',
  // No family name: cannot be imported (F-01).
  'cast-no-name,,,true,school-003,student,nobody,{LDAP:c7},Odin,,,9990007,odin@students.lincoln.example,,,,05,',
  // An org that the package does not have.
  'cast-unknown-school,,,true,school-999,student,lselby,{LDAP:c8},Luca,Selby,,9990008,lselby@students.lincoln.example,,,,06,',
  // No grade yet: imported, with an alert.
  'cast-no-grade,,,true,school-001,student,ubirch,{LDAP:c9},Una,Birch,,9990009,ubirch@students.lincoln.example,,,,,',
  // A teacher who is also a parent: not a student.
  'cast-teacher,,,true,school-001,teacher,svogel,{LDAP:t1},Selma,Vogel,,T100,svogel@lincoln.example,,,cast-twin-a,,',
]

const castDemographics: readonly string[] = [
  'cast-two-schools,,,2010-02-28,female,false,false,false,false,true,false,false,US,,,',
  'cast-twin-a,,,2017-06-01,male,false,true,false,false,true,true,false,US,,,',
  'cast-twin-b,,,2017-06-01,female,false,true,false,false,true,true,false,US,,,',
  // A local date: the row is refused (F-03), the student is imported without it.
  'cast-accent,,,1/9/2008,female,false,false,false,false,true,false,true,US,,,',
]

/** The package of the demo district, day 1: some thousand invented students and a few deliberate problems. */
export function makeLincolnCounty(): Readable {
  return makePackage({
    seed: 1864,
    students: lincolnCountyStudents,
    studentsPerSchool: 400,
    comment: `Lincoln County, day 1; first school ${schoolSourcedId(1)}`,
    moreUsers: cast,
    moreDemographics: castDemographics,
  })
}
