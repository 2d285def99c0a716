extension [Complaint] {
    static let germanElevator: [Complaint] = [
        .common(
            "Aufzug steht zwischen zwei Stockwerken",
            "Der Aufzug ist zwischen dem [ersten und zweiten|zweiten und dritten] Stock stehen geblieben. Es ist niemand darin.",
            fix: "Kabine abgesenkt, Türkontakt justiert, Probefahrt in Ordnung.", .liftDoor),
        .common(
            "Aufzugtür schließt nicht richtig",
            "Die Tür geht dreimal auf und zu, bevor der Aufzug losfährt.",
            fix: "Türschiene gereinigt, Lichtschranke eingestellt.", .liftDoor, .normal),
        .common(
            "Knopf im Aufzug defekt",
            "Der Knopf für das [zweite|dritte|vierte] Obergeschoss reagiert nicht mehr.",
            fix: "Tastereinheit ersetzt.", .liftPanel, .normal),
        .common(
            "Aufzug ruckelt beim Anfahren",
            "Beim Anfahren gibt es einen deutlichen Ruck und ein Schleifgeräusch.",
            fix: "Wartungsfirma hat Führungsschuhe nachgestellt und geschmiert.", .liftDoor, .high),
        .common(
            "Licht in der Aufzugkabine flackert",
            "Das Licht im Aufzug flackert und geht manchmal ganz aus.",
            fix: "Leuchtmittel und Vorschaltgerät erneuert.", .lamp, .normal),
        .common(
            "Notruf im Aufzug ohne Verbindung",
            "Beim Test der Notruftaste kam keine Verbindung zustande.",
            fix: "Mobilfunkmodul getauscht, Testanruf erfolgreich.", .liftPanel, .high),
        .common(
            "Aufzug fährt nicht in die Tiefgarage",
            "Der Aufzug hält nur noch im Erdgeschoss, obwohl der Schlüssel steckt.",
            fix: "Schlüsselschalter ausgetauscht.", .liftPanel, .high)
    ]

    static let germanStructural: [Complaint] = [
        .home(
            "Riss in der Wand [im Wohnzimmer|im Schlafzimmer|im Flur]",
            "Von der Fensterecke zieht sich ein Riss bis zur Decke, er ist in den letzten Wochen länger geworden.",
            fix: "Riss geöffnet, armiert, verspachtelt und gestrichen. Gipsmarke zur Beobachtung gesetzt.", .crackedWall),
        .home(
            "Schimmel [im Schlafzimmer|im Bad|hinter dem Schrank]",
            "In der Außenecke [im Schlafzimmer|im Bad|hinter dem Schrank] bilden sich schwarze Flecken. Wir lüften mehrmals am Tag.",
            fix: "Fläche behandelt, Feuchte gemessen, Wärmebrücke an der Fensterlaibung gedämmt.", .mould, .high),
        .home(
            "Fenster lässt sich nicht mehr schließen",
            "Das Fenster [in der Küche|im Kinderzimmer] hängt schief und schließt nicht mehr, es zieht stark.",
            fix: "Fensterflügel eingestellt und Schere ersetzt.", .window, .high),
        .home(
            "Fensterscheibe gesprungen",
            "Die Scheibe der Balkontür hat einen langen Sprung.",
            fix: "Isolierglasscheibe nach Aufmaß ersetzt.", .window),
        .home(
            "Balkontür klemmt",
            "Die Balkontür lässt sich nur mit Gewalt öffnen, das Holz ist aufgequollen.",
            fix: "Tür gehobelt, Dichtung erneuert.", .window, .low),
        .home(
            "Fliesen im Bad lösen sich",
            "Drei Fliesen über der Badewanne sind locker, eine ist schon heruntergefallen.",
            fix: "Fliesen neu verlegt und verfugt.", .brokenTile),
        .home(
            "Parkett wölbt sich",
            "Neben der Heizung hat sich das Parkett über einen Meter aufgewölbt.",
            fix: "Betroffene Stäbe aufgenommen, getrocknet und neu verklebt.", nil, .low),
        .common(
            "Putz bröckelt von der Fassade",
            "Über dem Hauseingang fallen kleine Putzstücke herunter.",
            fix: "Lose Stellen abgeschlagen und neu verputzt; Bereich war abgesperrt.", .crackedWall, .urgent),
        .common(
            "Dachrinne läuft über",
            "Bei Regen läuft das Wasser an der Hofseite über die Rinne und die Wand hinunter.",
            fix: "Laub entfernt, Fallrohr gespült, Rinnenhalter ersetzt.", .gutter)
    ]

    static let germanCommonArea: [Complaint] = [
        .common(
            "Briefkasten lässt sich nicht abschließen",
            "Das Türchen des Briefkastens steht offen, das Schloss dreht durch.",
            fix: "Briefkastenschloss getauscht, zwei Schlüssel übergeben.", .mailboxes),
        .common(
            "Handlauf im Treppenhaus ist locker",
            "Der Handlauf zwischen dem [ersten|zweiten] Stock und dem Podest wackelt.",
            fix: "Befestigung neu verdübelt.", .stairs, .high),
        .common(
            "Fahrradständer aus dem Boden gerissen",
            "Zwei Bügel des Fahrradständers liegen im Hof.",
            fix: "Bügel neu einbetoniert.", nil, .low),
        .common(
            "Waschmaschine in der Waschküche defekt",
            "Maschine 2 pumpt nicht ab und zeigt einen Fehler.",
            fix: "Flusensieb gereinigt, Laugenpumpe ersetzt.", nil),
        .common(
            "Schaukel auf dem Spielplatz beschädigt",
            "An der Schaukel ist eine Kette gerissen, bitte sperren.",
            fix: "Schaukel gesperrt und neue Ketten montiert.", nil, .high),
        .common(
            "Stufe im Treppenhaus gebrochen",
            "Von der untersten Stufe ist vorne ein Stück abgebrochen, man stolpert leicht.",
            fix: "Stufe mit Reparaturmörtel ausgebessert und markiert.", .stairs, .high),
        .common(
            "Hecke wächst über den Gehweg",
            "Die Hecke an der Straße ist so hoch, dass man aus der Einfahrt nichts sieht.",
            fix: "Hecke geschnitten, Schnittgut abgefahren.", .hedge, .low),
        .common(
            "Kellertür quietscht und schließt nicht",
            "Die Brandschutztür zum Keller bleibt immer offen stehen.",
            fix: "Türschließer eingestellt, Bänder geschmiert.", nil)
    ]

    static let germanSecurity: [Complaint] = [
        .common(
            "Haustür fällt nicht ins Schloss",
            "Die Haustür bleibt einen Spalt offen, jeder kann hinein.",
            fix: "Schließblech versetzt und Türschließer nachgestellt.", .doorLock),
        .home(
            "Wohnungstür lässt sich schwer abschließen",
            "Der Schlüssel hakt, man muss die Tür kräftig anziehen.",
            fix: "Schließzylinder getauscht, Tür ausgerichtet.", .doorLock, .normal),
        .home(
            "Gegensprechanlage ist stumm",
            "Es klingelt, aber man versteht niemanden und der Türöffner summt nicht.",
            fix: "Hörer und Türöffnermodul ersetzt.", .intercom, .normal),
        .common(
            "Klingelanlage ausgefallen",
            "Seit dem Gewitter geht keine Klingel im Aufgang mehr, Pakete kommen nicht an.",
            fix: "Netzteil der Klingelanlage ersetzt.", .intercom),
        .common(
            "Garagentor bleibt offen stehen",
            "Das Tor der Tiefgarage fährt auf, aber nicht mehr zu.",
            fix: "Lichtschranke gereinigt und Antrieb neu angelernt.", .garageDoor),
        .home(
            "Schlüssel abgebrochen",
            "Der Schlüssel ist im Schloss der Wohnungstür abgebrochen, ich komme nur noch über die Nachbarn hinein.",
            fix: "Zylinder geöffnet und ersetzt, drei neue Schlüssel übergeben.", .doorLock, .urgent),
        .common(
            "Kellerabteil aufgebrochen",
            "An zwei Kellerabteilen sind die Schlösser aufgehebelt. Die Polizei war schon da.",
            fix: "Neue Überfallen und Schlösser montiert, Beleuchtung verstärkt.", nil),
        .common(
            "Türcode funktioniert nicht mehr",
            "Das Tastenfeld am Hintereingang nimmt den Code nicht an.",
            fix: "Tastenfeld gereinigt, Batterie gewechselt, Code neu vergeben.", .intercom, .normal)
    ]

    static let germanCleaning: [Complaint] = [
        .common(
            "Müllplatz ist übervoll",
            "Die Tonnen quellen über, Säcke stehen daneben und werden von Krähen aufgerissen.",
            fix: "Sonderabholung bestellt, Platz gereinigt.", .bins, .normal),
        .common(
            "Treppenhaus wurde nicht gewischt",
            "Seit zwei Wochen hat niemand im Aufgang geputzt.",
            fix: "Mit der Reinigungsfirma besprochen, Nachreinigung erfolgt.", .stairs),
        .common(
            "Sperrmüll im Keller",
            "Im Kellergang stehen eine Matratze und ein alter Schrank, man kommt kaum vorbei.",
            fix: "Aushang gemacht, nach Frist entsorgt.", nil),
        .common(
            "Schmierereien an der Hauswand",
            "Neben dem Eingang wurde über Nacht die ganze Wand besprüht.",
            fix: "Farbe mit Spezialreiniger entfernt, Fläche nachgestrichen.", .graffiti, .normal),
        .common(
            "Laub vor der Kellertreppe",
            "Auf der Kellertreppe liegt nasses Laub, es ist sehr rutschig.",
            fix: "Treppe und Ablauf gereinigt.", nil, .high),
        .common(
            "Aufzugkabine ist verschmutzt",
            "Auf dem Boden der Kabine ist etwas Klebriges ausgelaufen.",
            fix: "Kabine gereinigt.", .liftDoor),
        .common(
            "Fenster im Treppenhaus sehr schmutzig",
            "Durch die Fenster im Treppenhaus kommt kaum noch Licht.",
            fix: "In die nächste Glasreinigung aufgenommen und erledigt.", .window)
    ]

    static let germanOther: [Complaint] = [
        .home(
            "Kein Fernsehempfang",
            "Auf allen Sendern nur Klötzchen, auch bei den Nachbarn.",
            fix: "Verstärker im Keller neu gestartet, Pegel gemessen.", nil),
        .home(
            "Wespennest am [Balkon|Rollladenkasten]",
            "Am [Balkon|Rollladenkasten] fliegen ständig Wespen ein und aus.",
            fix: "Nest durch Fachbetrieb umgesetzt.", nil, .high),
        .home(
            "Silberfische im Bad",
            "Abends laufen kleine silberne Tierchen über den Boden.",
            fix: "Köder ausgelegt, Fugen abgedichtet.", nil, .low),
        .home(
            "Rauchmelder piept",
            "Der Rauchmelder im Flur piept einmal in der Minute.",
            fix: "Batterie gewechselt, Funktionstest bestanden.", .alarm, .high),
        .common(
            "Mäuse im Müllraum",
            "Im Müllraum habe ich mehrmals Mäuse gesehen.",
            fix: "Schädlingsbekämpfung war da, Zugang unter der Tür verschlossen.", .bins),
        .home(
            "Rollladen lässt sich nicht hochziehen",
            "Der Gurt ist gerissen, das Zimmer ist dunkel.",
            fix: "Neuer Gurt und Wickler eingebaut.", .window),
        .common(
            "Fremdes Auto auf dem Stellplatz",
            "Auf meinem gemieteten Stellplatz steht seit Tagen ein fremdes Auto.",
            fix: "Halter ermittelt und informiert, Platz ist frei.", nil, .low),
        .home(
            "Lärm aus dem Lüftungsschacht",
            "Aus dem Schacht im Bad kommt ein tiefes Brummen, vor allem nachts.",
            fix: "Dachlüfter ausgewuchtet.", nil)
    ]
}
