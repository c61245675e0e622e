/**
 * Forms of one given name: long and short, pet names, spellings, and what schools write for names from other
 * languages. Compiled for Rollbook. Two names of a group may stand for each other; a name may be in several groups.
 */
export const givenNameGroups: readonly string[] = `
aaron aron ron ronnie / abdul abdel abdullah abdallah abdulla abdulrahman /
abigail abbigail abagail abby abbie abbey abi gail gayle / abraham abe bram ibrahim avraham avi ebrahim /
ada addie adah / adam ad ade adan / adelaide adele adelina adeline addie addy della heidi /
adrian adrien ade adriano / adriana adrianna adrienne adri ana drea / agatha aggie /
agnes aggie inez ines nessie nessa / ahmed ahmad achmed ahmet / aidan aiden ayden aidyn aden /
aileen eileen ilene allie / alan allan allen al / albert bert bertie al alberto albie elbert beto /
alejandro alex ale alexander jandro / alejandra ale alex alexa alexandra /
alexander alex alec alek al xander zander sandy sasha lex alexandre aleksander aleksandr oleksandr aleks alessandro alexandros /
alexandra alex alexa alexis lexi lexie sandra sandy sasha ali allie alexandria aleksandra alessandra xandra /
alexis alex lexi lexie alexus / alfonso alphonso al fonso poncho alphonse /
alfred al alf alfie fred freddie freddy alfredo fredo / alice ali allie ally alicia alyce elsie alys /
alicia lisha ali alisha alesha allie licia alecia / alison allison allyson alyson ali allie ally / alma ally /
alvin al vin vinny / alyssa alissa allyssa elissa lissa aly ally lyss alysa / amanda mandy manda amy mandi /
amber amby / amelia amy millie milly mel emelia amalia amelie mia lia / amina aminah amena / amir ameer /
amy aimee ami amie / ana anna / anastasia ana stacy stacey stasia tasia nastya ann asya stacie anya /
andre andreas andrew dre / andrea andi andie drea andria andy /
andrew andy drew andre andreas andres andrzej andrei andrey / andres andy andrew /
angela angie angel angelina ange angelica gela / angelica angie angel jelly anjelica angelique /
angelina angie lina angel gina / anita ana nita / anna ann anne annie ana anya nan /
annabelle annabel anna belle bella annabella ana / annette annie ann netta nettie /
anthony tony antony anton antonio ant tonio toni antoine / antoinette toni nettie netta tony antonia /
antonia toni tonya tony nia / antonio tony tonio anthony toño antony / april avril / aria arya ariya /
ariana arianna ari arie aryana ariadne / ariel ari arielle ariella / armando mando / arnold arnie arn /
arthur art artie arturo archie / arturo art arthur turo / asher ash / ashley ash ashleigh ashlee ashlie ashly /
ashton ash / audrey audra audie / augustus gus august augie augustine austin / aurora rory ora / austin austen /
ava eva avah / avery averie / barbara barb barbie babs bobbie basia varvara / bartholomew bart bartek barth /
basil baz vasily / beatrice bea bee trixie beatrix beatriz betty tris / beatriz bea betty beatrice /
belinda bel linda lindy / benedict ben bennie benny /
benjamin ben benny benji bennie benjy jamie benjamim binyamin / bernadette bernie detta /
bernard bernie barney bernardo bern nard / bertha bertie / bethany beth bethanie / beverly bev beverley /
blake blakely / bradley brad bradly lee / brandon bran brand branden brandyn / breanna bre brianna bri breana /
brenda bren brandy / brendan bren brendon / brent brenton brentley / brett bret brettany /
brian bryan bryon briant bri / brianna bri briana breanna brie bryanna /
bridget biddy bridie brigid brigitte gitte bridgette birgit / brittany britt britney brittney brit brittani /
brooke brook brooklyn brooklynn / bruce brucie / bryce brice / cameron cam camron kameron camryn kamryn /
camila camilla cami millie mila kamila camille / candace candy candice kandace candi /
carl karl carlo carlos charlie / carla karla carly / carlos carl charlie carlito charles carlitos /
carmen carmella carmelita mina / caroline carolyn carrie carol caro lina carolina carey karoline callie /
carolina caro lina caroline carrie / carol carole carrie karol caryl / carrie cari kari caroline / carson karson /
carter karter / casandra cassandra cassie cass sandra sandy kassandra sandi / casey kasey kc casie /
casimir cas kazimierz kaz / catalina cata lina katalina cat /
catherine katherine katharine kathryn cathryn cathy kathy kate katie katy cate cat kat kitty kay katrina kathleen catharine kit katerina ekaterina katarzyna kasia katya catie caterina catrina /
cecilia cecelia ceci celia cissy cece cecily sheila cecile / celeste celestina cel / cesar cezar caesar /
chad chadwick / charles charlie chuck chas charley chip carl carlos chaz chucky karl /
charlotte charlie lottie char lotte lotta charley carlotta / chelsea chels chelsey chelsie /
cheryl sheryl cher sherry cherie / chester chet / chloe khloe cloe /
christian chris cristian kristian christiaan xian /
christina chris chrissy tina christine kristina cristina christy christie krystyna khristina crissy /
christine chris chrissy christy tina kristine christina christie kris /
christopher chris kit topher kris christoph cristopher kristopher cristobal kristofer christoffer /
clara claire clare clarissa klara / claire clare clair clara / clarence clare clancy /
clarissa clara issa claire rissa larissa / claudia claudie clau / clayton clay / clement clem clemens clemente /
clifford cliff / clinton clint / cody codie kody coty / colin collin cole / connor conor conner con /
constance connie constanza konstanze stanzi / cooper coop / cora coraline corrie corina /
corey cory kory cori korey / cornelius con neil corneil kees / courtney court kourtney courteney / craig kraig /
cristian christian cris chris kristian / cristina cris tina christina / crystal krystal chris kristal cristal /
curtis curt kurt kurtis / cynthia cindy cyndi cindi thea cinthia / cyril cy / daisy daisie margarita /
dakota koda / dalton dal / daniel dan danny dani danilo daniil danial / daniela dani danny daniella danielle ela /
danielle dani danny elle daniele ellie daniella / daphne daph / darius dario dar / darlene darla /
darren daren darrin / david dave davey davy davi dawid daoud dawood / dawn dawne /
deborah deb debbie debby debra debora / delilah lila dee dalila / delores dolores lola dee lolita /
denise denny dee denice / dennis denny den denis / derek derrick deric dirk derick rick / desiree desi dez /
destiny destinee desti / devin devon deven devyn / diana diane di dianne dyana dianna /
dominic dom nick dominick domenic nic dominik domingo nicky / dominique dom nikki / donald don donnie donny /
donna donnie / dorothy dot dottie dolly dorothea dora thea dory dee doro / douglas doug dougie douglass /
duncan dunc / dustin dusty dust / dwight ike / dylan dillon dilan dillan / earl earle / ebony eb /
edgar ed eddie gar / edith edie / edmund ed eddie ned ted edmond / eduardo ed eddie lalo edward /
edward ed eddie ned ted teddy eduardo eddy edwards edouard eduard / edwin ed eddie win / eileen aileen ilene /
elaine laney lainey elayne /
eleanor ellie nora nell nellie elle ella lenora eleanora elinor leonor elenor lena eleonora /
elena ellie lena helena helen elaina alena ilena / eli elijah elias ely elliot / elias eli lias ilyas /
elijah eli lije elia ilya alijah / elisa lisa elise eliza elissa / elise ellie elyse elisa lise /
elizabeth liz beth lizzie eliza betty libby betsy liza lisa ellie elisabeth bess bessie lizzy elisa elsa elise elspeth lisbeth bette elle elsie buffy bettie betsey lilibet izzy elizabet elzbieta lizbeth /
ella ellie elle ela / ellen ellie nell helen elle nellie / elliot eli elliott eliot / elsa elsie elza else /
elvira elvie / emanuel manny manuel emmanuel manu / emerson em emmerson / emilia emily emmy millie emi mila /
emiliano emi milo emilio / emily em emmy emilie emma millie emely emilee emi emmie emilia emeli /
emma em emmy emmie ema / emmanuel manny manuel manu emanuel / enrique henry rick kike quique ricky /
erica erika ricki rikki eri / eric erik rick ricky erich erick aric / erin aerin / ernest ernie ernesto erno /
ernesto ernie neto ernest / esmeralda esme emmy emerald / esperanza espy hope / esteban steven stephen steve /
esther essie hester ester etti / ethan eitan ethen / eugene gene gino evgeny yevgeny /
eugenia gena genie evgenia / eva eve evie ava evita ewa / evan ev even evander /
evangeline eva evie eve angie evangelina / evelyn eve evie ev lyn evelin evelina / ezekiel zeke eze / ezra ez /
faith fay faye / fatima fatma fatimah fatemeh fatou fatoumata fati / felicia fee lisha felisha / felix felice /
felipe phillip pipe / fernanda fer nanda fernandita / fernando fer nando ferdinand fernie / fiona fi fee /
florence flo flossie flora florrie / frances fran frannie francie fanny francine frankie franny sissy /
francesca fran frankie chesca cesca francisca francheska frannie /
francis frank frankie fran francisco franz franciszek / francisca paca paquita francis fran cisca /
francisco paco pancho frank cisco francis kiko frankie fran / franklin frank frankie /
frederick fred freddie freddy rick fritz frederic fredrick friedrich federico fredrik ricky /
frederica freddie rica rikki fredericka / gabriel gabe gabi gaby gab jibril gavriel /
gabriela gabi gaby gabby ella gabriella brielle bella / gabrielle gabi gabby gaby elle brielle gabriela /
garrett gary garret jarrett garry / gary garry gareth / gavin gav / genesis gen genny /
genevieve gen gena genny eve viv ginny / geoffrey geoff jeff jeffrey /
george georgie jorge georg geordie giorgio yuri jerzy georgios / georgia georgie gia georgina /
georgina georgie gina georgiana georgianna / gerald gerry jerry geraldo gerard / geraldine gerry geri jerry dina /
gerard gerry jerry gerardo gerrard / gerardo gerry jerry lalo / gertrude gertie trudy gert trude /
gianna gia gigi giana giovanna / gilbert gil bert gilberto / giovanni gio gianni john giovani jovani van /
giselle gigi gisele gisela elle / giuseppe joe joseph beppe pino / gloria glory glo / gordon gordy gord /
grace gracie gracelyn graciela / graciela grace chela gracie / graham gram grahame /
gregory greg gregg gregor gregorio grisha grzegorz gregori / gretchen greta margaret /
guadalupe lupe lupita lupi / guillermo memo william will bill guille / gustavo gus tavo /
gwendolyn gwen wendy gwendolen lyn / hailey haley hayley haylee hailee hailie halle /
hannah hanna hana chana johanna / harold harry hal harrold / harper harp / harriet hattie harriett etta /
harrison harry harris / harvey harv / hassan hasan hasaan / hayden haden haydn / heather hettie /
hector tito ettore / heidi adelheid / helen helena ellen nell nellie lena elena helene lenny eleni olena ilona /
helena lena helen elena nell alena / henrietta etta hattie hettie henny henriette /
henry hank harry hal hen henri henrik enrique heinrich hendrik / herbert herb bert herbie / herman manny hermann /
hillary hilary hill / horace horatio / howard howie ward / hubert bert hugh hubie / hugo hugh ugo / hunter hunt /
hussein husain hussain hossein husayn / ian iain eoin / ignacio nacho iggy / ignatius iggy nate /
ileana ilie ana / imani mani / imogen immy immie / ines inez agnes / irene rene renie irena irina / iris irisa /
isaac ike zac izaac itzhak isaak ishaq izzy /
isabel isabella isabelle bella belle izzy ysabel izabel isa bel ellie sabella isobel izabella izabela ysabella /
isaiah izzy isiah zay isaias / isidore izzy isidro / ismael ismail ishmael esmail / israel izzy srul /
ivan vanya iván / jace jayce jase / jack jackie john jackson jacques jac / jackson jack jax jaxon jaxson /
jaclyn jackie jacquelyn jacklyn / jacob jake jakob jacobo cobi jay coby jacoby jakub yaakov yakub iacob /
jacqueline jackie jacky jacquelyn jacklyn jacki jaqueline lynn / jada jade jayda jaida /
jaden jayden jaiden jaydon jay jadon jaydin / jaime jamie james / jamal jamaal jamahl /
james jim jimmy jamie jem jay jimmie jaime jimbo / jamie jaime jaimie jami /
jane janie jayne janey jenny jan joan juana / janet jan janette nettie jeanette / janice jan janis /
jared jarod jarrod jerod jerry / jasmine jas jazmin jasmin jazz yasmin jazmine jazzy jaz yasmine yazmin minnie /
jason jay jayson jase / javier xavier javi / jean jeanne jeannie gene /
jeanette jean netta janet nettie jeannette / jeffrey jeff geoff jeffery geoffrey jeffry /
jennifer jen jenny jenna jenn jennie jeni jenifer / jenna jen jenny jennifer jena /
jeremiah jeremy jerry jere jem jeremias / jeremy jerry jem jeremiah jeromy jeremie / jerome jerry gerry jeronimo /
jesse jess jessie jesus jessy / jessica jess jessie jesse jessi yessica jesica sica / jesus chuy jesse chucho /
jill gill jillian gillian / jillian jill gillian jilly gill / joan joanie joanna jo juana /
joanna jo joann joanne joey johanna joana / joaquin quino jack juaquin / joel joe yoel / johanna jo /
john johnny jack jon jonny johnnie juan johan jan ivan johnathan jean giovanni hans johannes ion /
jonathan jon jonny nathan john johnathan jonathon nate johnny jonatan yonatan / jonah jonas joe /
jordan jordy jory jordyn jorden jourdan / jorge george coque jorgito /
jose pepe joe joseph joey josue che josé josefo pepito / josefina josie pepa fina josephine /
joseph joe joey jose jo josef yusuf yosef youssef giuseppe jody yousef josiah jozef iosif /
josephine jo josie joey fina josefina posy josefine / joshua josh josue joshuah yehoshua / josue joshua josh /
joyce joy / juan john juanito johnny / juana jane juanita joan / juanita juana nita /
judith judy jude judi yehudit / julia jules julie juliana jill yulia giulia / julian jules jule julien juliano /
juliana julia julie jules julianna ana liana julianne / julie jules julia jule /
juliet juliette julie jules etta julieta julietta / julio julius jules / justin just justyn jus /
justine tina justina / kaitlyn kate katie kait katelyn caitlin caitlyn kaitlin katelynn kay catelyn kaitlynn /
kaleb caleb cal kal / karen kari karin caren karyn karina / karina kari rina karen carina /
kathleen kathy kate katie kath kat kay cathleen kit kitty / katrina kat trina kate katie tina katerina catrina /
kayla kay kaila makayla michaela kaela / kaylee kayleigh kailey kaylie kay kaley kayley / keith keef /
kelly kel kellie kelley keli / kelsey kels kelsie / kendra ken kenna / kenneth ken kenny kenn /
kevin kev keven kevyn / khadija khadijah kadijah khadeeja / khalid khaled kalid /
kimberly kim kimmy kimberley kimberlee kimber kym / kinsley kinsleigh /
kirsten kirstin kristen kiersten kirsty kris / kristen kris krissy kristin kirsten kristi christen kristyn /
kristina tina kris krissy kristi christina / kyle ky kylan / kylie kiley kyleigh kylee / lacey lacy laci /
laila layla leila leyla lila leilah / lamar mar lemar / lance lancelot / larissa lara rissa clarissa /
laura laurie lori laurel lora lauren laurita lara / lauren laurie lori ren laurin loren laura lauryn lo /
lawrence larry laurence lars lorenzo lonnie laurie lawrie / leah lea lia leia /
leo leon leonard leonardo leonel lee leopold / leonard len lenny leo leon leonardo lennie /
leonardo leo leon nardo leonard / leroy roy lee / leslie les lesley lesly / leticia letty tish lety letitia /
levi lev levy / lewis lou lew louis louie / liam william lee / lillian lily lilly lil lilian lillie liliana /
liliana lily lili ana lilliana lilly / lily lilly lillie lillian lili / lincoln linc link / linda lindy lin lynn /
lindsay lindsey lindsy lin linsey / logan lo / lorenzo lawrence renzo larry enzo / loretta lori retta etta /
lorraine lori rainey laraine / louis lou louie lewis luis luigi ludwig / louise lou louisa lulu luisa eloise /
lucas luke luca luc lucian lukas lukasz / lucille lucy lu lucie cille / lucia lucy luz lu lucía lulu /
luciana lucy lu ana / lucy lu lucia lucille lucie lucinda / lucinda lucy cindy lu /
luis louis lou lucho luisito louie / luisa lu lulu louise lou / luke lucas luka luc / lydia lyddie lidia liddy /
mackenzie kenzie mac mckenzie makenzie kenz kenna / macy macie maci /
madeline maddie maddy madelyn madeleine maddi lena madalyn madilyn magdalena mady /
madison maddie maddy madi maddison madyson madisyn / magdalena maggie lena magda madeline leni /
mahmoud mahmud mehmood / makayla kayla mikayla mckayla michaela kay makaila mikaela / malcolm mal colm /
manuel manny manolo manu emmanuel meme / marcella marcy marcie chela marcela / marcos marc mark marco marcus /
marcus marc mark marco marcos markus /
margaret maggie meg peg peggy marge margie margo greta rita megan margot madge maisie daisy margret marjorie mags meggie margarita margaretha gretchen małgorzata marguerite molly /
margarita rita margie maggie daisy mago margaret /
maria mary mia marie mari mariah maría marya ria marija mariya maryam / mariah maria mary riah /
mariam miriam maryam mary maria / mariana mari ana marianna marianne /
marianne mary anne mari maryann marian marianna / maribel mari bel / marie mary maria mari /
marilyn mary lyn marilynn merilyn / marina mari rina / mario mar / marion mary / marisol mari sol /
marissa mari rissa marisa missy / marjorie marge margie marjory margery / mark marc marcus marco marek /
marlene marla lena marley / marsha marcia marcy / marshall marsh / martha marty mattie marta patty martita /
martin marty mart martín marten / martina marti tina marty / marvin marv /
mary marie maria molly polly mae may mamie mia maryam miriam minnie maggie moll / mason mase /
mateo matt matthew teo matteo / matilda mattie tilly tilda maud mathilda tillie mathilde /
matthew matt matty mathew mateo matteo matthias mateusz mat mattias matvey /
matthias matt matty mathias matias tias / maureen mo reenie moreen mary maurine /
maurice mo morris moe mauricio maury reese / maxine max /
maximilian max maxim maximiliano maximus milian maxwell maksim / maxwell max maxx / maya mya maia /
megan meg meghan meggie meagan meaghan maegan / melanie mel melly lanie melany / melinda mel mindy linda lindy /
melissa mel missy lissa melisa lisa millie / melvin mel vin / mercedes mercy sadie merche /
meredith mere merry edith / mia mya miah maria amelia / micah mike michael mic /
michael mike mikey mick micky mitch mickey miguel michel mikael mikhail micheal mikel misha michal mihai mickie micah /
michaela kayla mikayla mika micky makayla mikaela kay ela /
michelle shelly mich chelle shelley micki michele shell missy / miguel mike micky migue michael /
mildred millie milly / miles milo myles / millicent millie milly / minerva minnie /
miranda mandy randi mira randy / miriam mim mimi mary maryam mariam miri mira / misty missy /
mitchell mitch mitchel michael /
mohammed muhammad mohamed mohammad mohamad mo muhammed mohd mehmet mohamud muhamad moe / molly mollie mary /
monica moni mona monika monique nica / monique mo nikki moni / montgomery monty / morgan mo morgen /
moses moe mo moshe musa moises / moises moe moses moi / mustafa mustapha mostafa / mya maya mia / myra mira /
nadia nadine nadya nadja / naomi nomi omi noemi naomie / nancy nan ann nance /
natalia nat talia natalie tasha natasha natalya nataly /
natalie nat nattie natalia talia lee natalee nathalie nataly / natasha tasha nat natalia natasja /
nathan nate nat nathaniel natan nathen / nathaniel nate nathan nat natty nathanael nathanial natanael /
neil neal niall nigel / nelson nels / nevaeh neveah /
nicholas nick nicky nico nicolas nik nikolas klaus colin niko nikolai claus mikolaj nikola nicolaus nickolas /
nicole nikki nicky nicola nic cole nichole nicolette nicki niki / nicolas nico nick nicholas nicky /
noah noa noe / noel noelle nol / noelle ellie noel elle / nora norah eleanor nori honora leonora / norman norm /
octavia tavia tavi / oliver ollie olly oli olivier noll / olivia liv livvy ollie livia alivia via livie /
omar omer umar / orlando lando roland orly / oscar oskar ozzy / osama usama / owen ewan euan /
pablo paul paulo pablito / paige page / pamela pam pammy / paola paula pao /
patricia pat patty tricia trish patsy patti tish trisha patrice paddy pati /
patrick pat paddy rick patric patricio ricky padraig patryk /
paul pauly pablo paulie pavel paolo pawel pol paulo / paula polly pauline paulina paola lina /
pauline polly paula lina paulina / paulina pau lina paula / pedro peter perico pete /
penelope penny pen nell poppy nelly / percival percy / perla pearl /
peter pete pedro petey pierre piotr pieter petr petros / peyton payton /
philip phil phillip flip pip felipe philippe filip / philippa pippa pip / phoebe phebe bee / phyllis phyl /
piper pip / preston pres / priscilla cilla prissy pris / quentin quinn quin quinton /
rachel rach rae shelly rachael rachelle raquel ray rahel / rafael rafa rafi raphael raffi ralph /
ramon ray raymond moncho / randall randy rand randal / randolph randy dolph / raquel rachel kelly quela /
raul ralph raoul / raymond ray ramon raymundo / reagan regan raegan /
rebecca becky becca beck reba bec rebekah bekah becki rivka becka rebeka / reginald reggie reg rex /
regina gina reggie reina / reid reed / renee rena rene ren / reuben ben rube ruben / rhiannon rhi annie /
rhonda ronnie ron / ricardo rick ricky richard cardo rico /
richard rick ricky dick rich richie ricardo ritchie dickie rickie riccardo ryszard /
riley reilly rylee ryleigh rylie / rita margarita /
robert rob bob bobby robbie robby bert roberto robin bobbie rupert berto robb /
roberta bobbie robbie bobby berta bertie / roberto rob bob beto robert bobby berto tito / roberta bobbie berta /
robin robyn rob / rodney rod roddy / rodolfo rudy fito rodolph / rodrigo rod rigo rodri /
roger rog rodge rogelio / roland rollo rolly rolando orlando / roman romeo rom / ronald ron ronnie ronny ronaldo /
rory aurora roderick / rosa rose rosie rosita rosy / rosalie rose rosie rosa rosalia ros /
rosalind roz ros linda rosie rosalyn / rosario chayo rose charo / rose rosie rosa rosemary rosalie roz /
rosemary rose rosie romy mary rosemarie / rowan ro rohan roan / roxanne roxie roxy roxana anne roxanna /
ruben rube ben rubén / rudolph rudy dolph rudolf / russell russ rusty rus russel / ruth ruthie / ryan ry rian /
sabrina brina sabby sabri / sadie sarah sally mercedes / said saeed sayed saied /
salvador sal chava sally salvatore / samantha sam sammy sami mantha sammie / samir sameer sam /
samuel sam sammy samuil shmuel sammie / sandra sandy alexandra sandi sondra / santiago santi chago tiago /
sarah sara sally sadie sari zara sarai sallie saira / savannah savanna sav vanna / scarlett scarlet lettie /
scott scottie scotty / sean shawn shaun shane / sebastian seb bastian seba sebastien bash baz bastien /
selena lena selina celina / serena rena sere / sergio serge checo sergei / seth sethy / shannon shan shanon /
shawn sean shaun shon / sharon shari sherry shar / sheila sheilah shelly / shelby shel / sheldon shelly shel /
shirley shirl / sidney sydney sid syd cyd / sierra cierra / sigmund sig ziggy siegmund zygmunt /
silvia sylvia sil / simon si sy simeon shimon szymon / simone simona moni / skylar skyler sky skye schuyler /
sofia sophia sofi sophie sofie zofia soph sofiya / solomon sol sully suleiman / sonia sonya sonja sofia /
sophia sophie sofia soph fia sofie / spencer spence spenser / stanley stan stanislaw stanislav /
stella estelle estella ella /
stephanie steph stefanie stevie steffi stephany fanny estefania stefany stephani steffie stephania /
stephen steve stevie steven stephan stefan steph esteban stephon etienne stefano istvan stephano /
steven steve stevie stephen / stewart stuart stu stew / summer sommer /
susan sue susie suzy suzanne suzie susanna susana suki zuzana /
susannah sue susie susanna susana zuzanna shoshana / suzanne sue suzy suzie susan anne susanne / sylvester sly /
sylvia silvia sylvie syl / tabitha tabby / tamara tammy tam mara tami tamar / tanner tan /
tanya tania tatiana tonya / tara terra / tatiana tania tanya tati ana tiana tatyana / taylor tay tayler tayla /
teresa terry tess tessa teri theresa tracy resa tere teresita therese tessie terri treasa /
terrence terry terence terrance / thaddeus thad tad ted tadeusz / thelma tel /
theodora thea dora teddy theo teodora / theodore ted teddy theo teodoro tad fyodor theodor teo /
thomas tom tommy thom tomas tomasz tomaso tomek tommie / tiffany tiff tiffani tiffanie fanny /
timothy tim timmy timo timothee timofey / tobias toby tobi / tomas tom tommy thomas /
tracy tracey teresa traci tracie / travis trav travys / trevor trev / trinity trin /
tristan tris tristen trystan / tyler ty tylor / tyrone ty / ursula ulla urszula /
valentina val tina valen vale valentine / valentine val tino valentin / valerie val vallie valeria valarie lerie /
valeria val vale valerie leria / vanessa nessa van nessie vanesa ness / vernon vern /
veronica ronnie vero roni nica veronika vera ron veronique / victor vic viktor vick vittorio tito /
victoria vicky vic tori vicki tory vickie toria viktoria vickey vika vittoria /
vincent vin vinny vince vinnie vicente vincenzo / vicente vince vincent chente / viola vi violet /
violet vi violeta lettie viola / virginia ginny ginger gina virgie jinny /
vivian viv vivienne viviana vivien vivi / vladimir vlad volodymyr vova / wallace wally wal /
walter walt wally wat walther / wanda wendy / warren ren / wayne way / wesley wes lee west westley /
wendy wen gwendolyn wendi / whitney whit / wilhelmina billie mina minnie wilma willa / willard will bill /
william bill billy will willie liam willy wilhelm guillermo wil willem guillaume bela wills / wilson will /
winifred winnie freda fred win / winston win winnie / wyatt wy / xavier xavi javier zave xzavier /
ximena jimena mena xime / yasmin yas jasmine yazmin yasmine yasmeen yaz / yesenia jessenia yessi yesi /
yolanda yoli yola / yusuf joseph yousef yousuf youssef yosef yusef joe / yvonne yvette eve vonnie /
zachary zach zack zac zak zachery zackary zachariah zechariah zakary zachari / zainab zaynab zeinab zaineb /
zoe zoey zoie zoë zo
`
  .trim()
  .split(/\s*\/\s*/)
