/**
 * Names for the invented families, the more frequent first: in any population a few names are borne by many, and many
 * names by few. The long tail is made of syllables.
 */
const girls =
  'Emma Olivia Sophia Isabella Ava Mia Emily Abigail Madison Elizabeth Charlotte Avery Sofia Chloe Ella Harper Amelia ' +
  'Aubrey Addison Evelyn Natalie Grace Hannah Zoey Victoria Lillian Lily Brooklyn Samantha Layla Zoe Leah Aria Audrey ' +
  'Riley Anna Savannah Allison Gabriella Claire Nora Skylar Camila Aaliyah Alexa Alexis Alyssa Sarah Maria Ariana Kaylee ' +
  'Ashley Katherine Bella Stella Genesis Lucy Mackenzie Violet Caroline Kennedy Kylie Maya Eva Taylor Sadie Hailey Julia ' +
  'Jasmine Ruby Faith Alexandra Madelyn Valentina Melanie Naomi Gianna Kayla Andrea Jocelyn Vanessa Daniela Ximena Fatima ' +
  'Guadalupe Josefina Rebecca Rachel Nicole Michelle Jennifer Jessica Margaret Catherine Teresa Veronica Esmeralda Paige ' +
  'Amina Priya Mei Yuna Ines Anaïs Zoë Núria Łucja Siobhan Anneliese Mary-Kate Ana-Lucía Beatriz Ximena Noor Imani Keisha'
const boys =
  'Noah Liam Jacob Mason William Ethan Michael Alexander Jayden Daniel Elijah Aiden James Benjamin Matthew Jackson Logan ' +
  'David Anthony Joseph Joshua Andrew Lucas Gabriel Samuel Christopher John Dylan Isaac Ryan Nathan Carter Caleb Luke ' +
  'Christian Hunter Henry Owen Landon Jack Wyatt Jonathan Eli Isaiah Sebastian Jaxon Julian Brayden Gavin Levi Aaron ' +
  'Oliver Jordan Nicholas Evan Connor Charles Jeremiah Cameron Adrian Thomas Robert Tyler Colton Austin Jace Angel Dominic ' +
  'Josiah Brandon Ayden Kevin Zachary Parker Blake Jose Chase Grayson Jason Ian Bentley Adam Xavier Cooper Justin Nolan ' +
  'Hudson Easton Carlos Luis Juan Diego Jesus Miguel Alejandro Francisco Mohammed Omar Yusuf Kenji Mateo Søren José Ramón ' +
  'Edward Richard Timothy Stephen Gregory Patrick Vincent Theodore Lawrence Frederick Rafael Eduardo Enrique Darius Malik'
const families =
  'Smith Garcia Johnson Martinez Williams Rodriguez Brown Hernandez Jones Lopez Miller Gonzalez Davis Perez Wilson Sanchez ' +
  'Anderson Ramirez Thomas Torres Taylor Flores Moore Rivera Jackson Gomez Martin Diaz Lee Reyes Thompson Cruz White Morales ' +
  'Harris Ortiz Clark Gutierrez Lewis Chavez Robinson Ramos Walker Ruiz Young Alvarez Allen Mendoza King Vasquez Wright ' +
  'Castillo Scott Jimenez Nguyen Moreno Hill Romero Green Herrera Adams Medina Nelson Aguilar Baker Vargas Hall Castro ' +
  'Campbell Guzman Mitchell Mendez Carter Fernandez Roberts Munoz Phillips Salazar Evans Garza Turner Soto Parker Vega ' +
  'Collins Delgado Edwards Valdez Stewart Rios Murphy Alvarado Cook Sandoval Rogers Contreras Morgan Estrada Peterson Luna ' +
  'Cooper Ortega Reed Nunez Bailey Guerrero Bell Maldonado Kelly Kim Park Tran Patel Singh Chen Wong Khan Ahmed Ali Hassan ' +
  "O'Brien O'Neill McDonald MacLeod Müller Schröder Meyer Schmidt Fischer Weber Peña Núñez Ibáñez Łukasz Kowalski Nowak " +
  'van Dijk de Vries Lindqvist Sørensen Åberg Okafor Adeyemi Mbeki Tanaka Yamamoto Sato Suzuki Kovács Novák Petrov Ivanov'
const onsets = 'B Br C Ch D Dr F G Gr H J K Kl L M N P Pr R S Sch St T Tr V W Z'.split(' ')
const middles = 'a e i o u ai ei oo an en in on ar er or al el ol'.split(' ')
const joints = 'b d f g k l m n nd ng r rd s ss st t tt v z ck'.split(' ')
const ends = 'a e i o y er en on man ley ton son ski sen ini ez ard ell ett ing ow is'.split(' ')

export const girlNames: readonly string[] = girls.split(' ')
export const boyNames: readonly string[] = boys.split(' ')
const listedFamilies = families.replace('van Dijk', 'van_Dijk').replace('de Vries', 'de_Vries').split(' ')

/** Takes a number from 0 to 1 at each call. */
export type Random = () => number

/** One of the list, those at its beginning more often. */
export function pickFrequent(names: readonly string[], random: Random): string {
  return names[Math.floor(names.length * random() ** 1.8)] ?? names[0] ?? ''
}

export function pick<Item>(items: readonly Item[], random: Random): Item {
  const item = items[Math.floor(random() * items.length)]
  if (item === undefined) throw new RangeError('nothing to pick from')
  return item
}

/** Six in ten bear a listed family name, the others one of several tens of thousands. */
export function inventFamilyName(random: Random): string {
  if (random() < 0.6) return pickFrequent(listedFamilies, random).replace('_', ' ')
  const middle = random() < 0.4 ? pick(middles, random) + pick(joints, random) : ''
  return pick(onsets, random) + pick(middles, random) + pick(joints, random) + middle + pick(ends, random)
}
