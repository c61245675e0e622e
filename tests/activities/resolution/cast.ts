import { person, type Person } from '../../districts/lincoln-county.ts'

const white = 'false,false,false,false,true,false,false'
const names = ['Ines Rowe', 'Theo Vance', 'Luca Selby', 'Juno Moss', 'Milo Pike', 'Odin Fitch', 'Una Birch']
/** Seven pupils of one school and grade, as unlike as their names. */
export const cast: readonly Person[] = names.map((name, index) => {
  const [givenName = '', familyName = ''] = name.split(' ')
  return person(`p${index}`, givenName, familyName, 'north', '07', {
    demographics: `201${index}-03-1${index},${index % 2 === 0 ? 'female' : 'male'},${white}`,
  })
})
