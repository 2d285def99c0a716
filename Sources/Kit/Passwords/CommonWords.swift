/// What people make passwords of, in English and German, without digits: they are found with digits for letters too.
enum CommonWords {
    static let byFirstLetter: [UInt32: [[UInt32]]] = Dictionary(
        grouping: list.split(whereSeparator: \.isWhitespace).map { $0.unicodeScalars.map(\.value) }, by: { $0[0] })

    /// Rows of keys on English and German keyboards, columns, zigzags, and the alphabet.
    static let rows: [[UInt32]] = [
        "1234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "qwertzuiop", "asdfghjkl", "zxcvbnm", "yxcvbnm", "azertyuiop",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "1qay2wsx3edc4rfv5tgb6zhn7ujm8ik9ol0p", "q1w2e3r4t5y6u7i8o9p0",
        "1q2w3e4r5t6y7u8i9o0p", "1q2w3e4r5t6z7u8i9o0p",
        "q1w2e3r4t5z6u7i8o9p0", "qazwsxedcrfvtgbyhnujmikolp", "qaywsxedcrfvtgbzhnujmikolp", "!\"§$%&/()=", "!@#$%^&*()"
    ].map { $0.unicodeScalars.map(\.value) }

    private static let list = """
        password passwort passwd passw pass kennwort geheim secret login admin administrator root user guest gast test tester testing
        demo default changeme change letmein welcome willkommen hello hallo hola servus goodbye master super superman superuser
        access system server computer internet windows microsoft google facebook instagram whatsapp twitter youtube amazon apple
        iphone samsung android linux ubuntu oracle mysql database network security sicherheit secure private online website email
        love lover loveyou iloveyou ilove you ichliebedich liebe dich liebling schatz schatzi maus mausi hase hasi engel angel angels
        baby babygirl babyboy princess prinzessin prince queen king koenig sweet sweety sweetheart honey honig darling heart herz
        friend friends freund freunde family familie mother father mutter vater mama papa mami papi bruder schwester brother sister
        monkey dragon tiger lion loewe eagle adler falcon phoenix panther wolf bear baer horse pferd hund katze kater cat dog
        butterfly dolphin delfin chicken rabbit turtle spider snake shark penguin pinguin schnucki schnecke bunny kitty pussy
        football fussball baseball basketball hockey soccer tennis golf handball volleyball champion sports player gamer game games
        gaming fortnite minecraft pokemon pikachu mario nintendo playstation xbox zelda warcraft starcraft counterstrike roblox
        starwars star wars startrek trek batman spiderman ironman hulk avengers marvel superhero hero legend matrix merlin gandalf
        hobbit hogwarts harry potter voldemort dumbledore naruto goku vegeta sasuke shadow hunter killer ranger soldier warrior ninja
        samurai pirate wizard knight ghost devil demon teufel satan hell heaven himmel god gott jesus christ maria allah church
        arsenal chelsea liverpool manchester united barcelona barca madrid real juventus bayern muenchen dortmund borussia schalke
        hamburg werder bremen koeln frankfurt stuttgart hertha union leipzig gladbach berlin deutschland germany german europe
        london england paris france america american usa texas dallas yankees newyork york california losangeles chicago boston
        austin houston denver florida miami orlando canada toronto australia sydney vienna wien austria oesterreich schweiz zuerich
        spring summer autumn winter fruehling sommer herbst january february march april may june july august september october
        november december januar februar maerz mai juni juli oktober dezember monday tuesday wednesday thursday friday saturday
        sunday montag dienstag mittwoch donnerstag freitag samstag sonntag today tomorrow heute morgen christmas weihnachten
        birthday geburtstag holiday urlaub sunshine sonnenschein sonne sun moon mond stern stars rainbow regenbogen snow schnee
        michael jennifer jessica ashley daniel charlie thomas andrew robert michelle jordan joshua matthew anthony william nicole
        hannah amanda samantha elizabeth stephanie christian christina alexander alexandra andreas sebastian stefan stephan martin
        peter hans klaus juergen wolfgang sabine petra claudia monika susanne julia anna laura lisa sarah lena lea emma mia sophie
        marie johanna katharina lukas leon felix maximilian max paul jonas tim tobias florian markus marcel patrick oliver dennis
        david james george richard joseph charles edward henry maggie buster ginger pepper cookie bailey buddy lucky happy smile
        shadow diamond silver golden gold purple orange yellow green blue black white red schwarz weiss gruen blau rot rosa pink
        flower flowers blume blumen rose rosen tulip lily daisy banana bananas apfel cherry strawberry erdbeere chocolate
        schokolade cheese kaese pizza coffee kaffee beer bier whiskey vodka wine wein sugar zucker cookies cake kuchen
        mercedes benz porsche ferrari lamborghini bmw audi volkswagen golf ford mustang corvette camaro chevrolet toyota honda
        yamaha suzuki kawasaki harley davidson ducati motorrad auto money geld cash dollar euro million rich business work arbeit
        freedom freiheit peace frieden forever immer always never nothing nichts something whatever anything everything everyone
        fuck fucker fucking fuckyou fuckoff motherfucker shit bitch asshole arschloch scheisse bullshit sexy sexsex sex hot
        qwert qwerty qwertz asdf asdfgh zxcv yxcv abcd abcde azerty trustno trust noone nobody blink metallica nirvana slipknot
        eminem rockstar rock music musik guitar gitarre piano dance disco techno beatles elvis blessed believe faith hope destiny
        unbelievable international thunderstorm thunder lightning supernova constantinople incorrect correct horse battery staple
        correcthorsebatterystaple supercalifragilisticexpialidocious abracadabra opensesame sesame donaudampfschiff
        spongebob squarepants scooby snoopy garfield mickey minnie mouse donald duck simpsons homer bart southpark
        house home haus wohnung apartment flat rent miete mieter tenant landlord vermieter verwalter hausverwaltung verwaltung
        hausmeister building gebaeude property immobilie immobilien portico manager management owner eigentuemer resident
        bewohner technician techniker office buero company firma team staff service support hilfe help info kontakt contact
        please bitte thanks danke enter open start begin stop null void ok okay yes no ja nein the my mein meine dein ist is
        und and for fuer in on at mit with abc xyz one two three four five eins zwei drei vier fuenf new neu old alt good gut best
        """
}
