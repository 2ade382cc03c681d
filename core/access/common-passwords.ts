/**
 * Words that common passwords are made of, in the languages of the product. Written for this program, not taken from a leak: years, digits, doubled words
 * and letters in disguise are taken off before the look-up (password-policy.ts), so that a short list stands for the long ones.
 */
const WORDS = [
  'abc abcd abcde abcdef abcdefg access account accountant accounting accounts accountspayable admin adminadmin administrator administratorpassword',
  'adminpassword alexander alexandra alles altespasswort always amanda amazon amen america amor amour amsterdam andrea andrew android angel anna anthony',
  'anything apassword apfel apintake apintakestation apple april arschloch arsenal asd asdf asdfg asdfgh asdfghjkl ashley asshole audi august autumn',
  'azerty azertyuiop baby babyboy babygirl baerchen banana bank banking barcelona baseball basketball batman bayern bayernmuenchen bear beatles begin',
  'beispiel benjamin benvenuto berlin bienvenido bienvenue bitch bitte black blau blessed blink blitz blue blume bmw bonjour borussia boss brother bruder',
  'buchhaltung buero business butterfly change changeit changeme changethis charles charlie cheese chef chefin chelsea cherry chocolate christ christian',
  'christina ciao claudia coffee company computer confidential contrasena contraseña controller cookie cookies cool corporate correcthorsebatterystaple',
  'corvette crazy credit cricket crystal damn daniel danke darling david december default demo demouser deutschland dezember diamant diamond dienstag',
  'director doggy dollar donner donnerstag dortmund dragon drei eagle earth edc eight eins eminem end energy engel england enter enterprise erdbeere erde',
  'erikamustermann espana ete euro europa evening everything example facebook facture faith falcon familie family father februar february felix ferrari',
  'feuer finance finanzen fire firma five flower football forest forever fortnite four france frankfurt freedom freiheit freitag freund freunde freundin',
  'friday frieden friend friends frodo fruehling fuck fuckoff fuckyou fussball gandalf garden garten gast geheim geheimespasswort geheimnis gelb geld',
  'george germany ginger gluck glueck gluecklich god gold golden golf golfgti goodmorning goodnight google gott green gruen guest gutenacht gutenmorgen',
  'hallo hamburg handball hannah happy harley harrypotter hase hasi haslo heaven hello helpdesk herbst heslo himmel hiver hockey hoffnung hogwarts hola',
  'honda honey hope horse hottie hund hunter ichliebedich iloveyou immer important instagram intake internet invierno invoice invoices ironman italia ja',
  'james janedoe januar january jennifer jessica jesus jesuschrist john johndoe jordan joseph joshua juli julia july june juni juventus kaese kaffee',
  'katze keinpasswort kennwort killer king kirsche kitten kitty knight koeln koenig konto kristall laptop laura lemon leon letmein liebe lightning lilie',
  'lion lisa liverpool login logon london losung love lovely loveyou lucky lukas madrid maerz magic mai mama manager march maria marie markus martin',
  'master matrix matthew maus mausi maximilian maxmustermann may maybe mega meinlogin meinpasswort mercedes merlin metallica michael michelle microsoft',
  'milano minecraft mittwoch mond monday money monika monkey montag moon morning motdepasse mother motorrad mountain muenchen mustang muster mustermann',
  'mutter mylogin mypassword naruto nein neuespasswort never newpassword newyork nichts nicole night nine ninja nintendo nirvana no nopassword nothing',
  'november number nummer ocean october oesterreich office okay oktober oldpassword one opensesame openup orange papa paris parola pass passcode passme',
  'passphrase passwd password passwordpassword passwort patrick payable payment payments peace pepper personal peter petra phantom pikachu playstation',
  'please pokemon pony porsche power prince princess prinz prinzessin privat private puppy purple qaz qazwsx queen qwe qweasd qweasdzxc qwer qwert qwerty',
  'qwertypassword qwertyuiop qwertz qwertzuiop rainbow rammstein ranger realmadrid rechnung rechnungen regenbogen rfv richard ritter river robert roma',
  'root rootroot rose rot rugby sabine safe salut sample samstag samsung samuel samurai sandra sarah saturday schalke schatz schatzi scheiss scheisse',
  'schmetterling schnecke schokolade schwarz schweiz schwester season sebastian secret secure security senha september service sesame sesamoeffnedich',
  'seven sexy shadow shark shit sicher sicherheit signin signup silber silver sister six slipknot soccer soldier something sommer sonne sonnenblume',
  'sonnenschein sonntag sorry spatz spiderman spring star starlight start startrek starwars station stefan stephanie stern stop storm strawberry sturm',
  'stuttgart sugar summer sunday sunflower sunshine super supergeheim superman superuser support susanne sweetheart sweety sysadmin system temp temporary',
  'temppass tennis test tester testing testtest testuser thankyou thepassword thomas three thunder thursday tiger today tomorrow topsecret toyota',
  'trustnoone tuesday two ultra user username userpassword vanilla vater verano verrueckt vielleicht vienna vogel volkswagen volleyball wachtwoord wald',
  'warrior wasser water wednesday weiss welcome welcometo welkom whatever whiskey white wien william willkommen wind windows winter wizard wolf wsx xbox',
  'yamaha yellow yes yourpassword youtube yxcv yxcvbnm zauber zero zitrone zucker zuerich zwei zxcv zxcvbnm',
];

export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(WORDS.flatMap((line) => line.split(' ')));
