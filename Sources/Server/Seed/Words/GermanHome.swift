extension [Complaint] {
    static let germanPlumbing: [Complaint] = [
        .home(
            "Wasserhahn in [der Küche|dem Bad|dem Gäste-WC] tropft",
            "Der Wasserhahn in [der Küche|dem Bad|dem Gäste-WC] tropft ununterbrochen, auch wenn er fest zugedreht ist. Nachts hört man es bis ins Schlafzimmer.",
            fix: "Kartusche getauscht, Hahn ist dicht.", .drippingTap),
        .home(
            "Abfluss [der Dusche|der Badewanne|des Waschbeckens] ist verstopft",
            "Das Wasser läuft kaum noch ab. Hausmittel haben nicht geholfen, es riecht inzwischen unangenehm.",
            fix: "Siphon gereinigt und die Leitung auf drei Metern gespült.", .blockedSink),
        .home(
            "Toilettenspülung läuft ständig nach",
            "Die Spülung hört nicht mehr auf zu laufen. Ich drehe das Wasser am Eckventil von Hand zu.",
            fix: "Füllventil und Heberglocke im Spülkasten erneuert.", nil, .high),
        .home(
            "Wasserfleck an der Decke [im Bad|im Flur|in der Küche]",
            "An der Decke [im Bad|im Flur|in der Küche] ist ein brauner Fleck, etwa so groß wie ein Teller, und er wird größer. Vermutlich kommt es aus der Wohnung darüber.",
            fix: "Undichte Silikonfuge in der Wohnung darüber erneuert, Decke getrocknet und gestrichen.", .ceilingStain, .high),
        .home(
            "Kein warmes Wasser in der Wohnung",
            "Es kommt nur noch kaltes Wasser, in Küche und Bad. Bei den Nachbarn ist alles in Ordnung.",
            fix: "Durchlauferhitzer geprüft, Durchflussschalter getauscht.", .boiler, .high),
        .home(
            "Wasserdruck ist sehr niedrig",
            "Aus der Dusche kommt nur noch ein Rinnsal, morgens ist es besonders schlimm.",
            fix: "Strangabsperrventil war halb geschlossen; Perlatoren entkalkt.", .drippingTap, .normal),
        .home(
            "Waschmaschinenanschluss ist undicht",
            "Beim Zulauf der Waschmaschine bildet sich eine Pfütze. Ich habe einen Eimer daruntergestellt.",
            fix: "Dichtung und Schlauchverschraubung erneuert.", .puddle, .urgent),
        .danger(
            "Wasserrohrbruch im Keller",
            "Im Keller steht das Wasser mehrere Zentimeter hoch, es läuft aus der Leitung neben den Zählern.",
            fix: "Strang abgesperrt, Rohrstück ersetzt, Keller ausgepumpt und Trockner aufgestellt.", .puddle),
        .common(
            "Außenwasserhahn im Hof ist undicht",
            "Der Hahn an der Hauswand tropft, das Pflaster darunter ist schon grün.",
            fix: "Frostsicheres Ventil eingebaut.", .drippingTap, .low)
    ]

    static let germanHeating: [Complaint] = [
        .home(
            "Heizkörper [im Wohnzimmer|im Kinderzimmer|im Schlafzimmer] bleibt kalt",
            "Der Heizkörper [im Wohnzimmer|im Kinderzimmer|im Schlafzimmer] wird trotz Stufe 5 nicht warm, alle anderen funktionieren. Im Zimmer sind es 16 Grad.",
            fix: "Ventilstift gängig gemacht, Heizkörper entlüftet und neu eingestellt.", .radiator),
        .home(
            "Heizung gluckert laut",
            "Die Heizung [im Wohnzimmer|im Bad] gluckert so laut, dass man nachts wach wird.",
            fix: "Anlage entlüftet und Wasser nachgefüllt.", .radiator, .normal),
        .home(
            "Heizung fällt komplett aus",
            "In der ganzen Wohnung ist die Heizung kalt. Wir haben ein kleines Kind und heizen mit einem Lüfter.",
            fix: "Umwälzpumpe war stehen geblieben; Pumpe getauscht.", .boiler, .urgent),
        .home(
            "Thermostat lässt sich nicht mehr drehen",
            "Der Drehknopf am Thermostat ist abgebrochen, der Heizkörper ist dauernd heiß.",
            fix: "Thermostatkopf erneuert.", .thermostat, .normal),
        .home(
            "Heizkörper leckt",
            "Am Ventil des Heizkörpers tropft rostiges Wasser auf den Boden.",
            fix: "Stopfbuchse nachgezogen und Dichtung getauscht.", .radiator, .urgent),
        .home(
            "Fußbodenheizung im Bad wird nicht warm",
            "Der Boden im Bad bleibt eiskalt, der Regler zeigt aber Betrieb an.",
            fix: "Stellantrieb am Verteiler ersetzt.", .thermostat),
        .common(
            "Heizung im ganzen Haus kalt",
            "Alle Nachbarn in unserem Aufgang haben seit dem Morgen keine Heizung. Auch das Treppenhaus ist kalt.",
            fix: "Brenner auf Störung; Zündelektrode erneuert und Anlage neu gestartet.", .boiler, .urgent),
        .common(
            "Heizkörper im Treppenhaus lässt sich nicht abstellen",
            "Der Heizkörper im Eingang läuft auch im Mai auf voller Leistung.",
            fix: "Festsitzendes Ventil ersetzt.", .radiator, .low)
    ]

    static let germanElectrical: [Complaint] = [
        .home(
            "Steckdose [in der Küche|im Wohnzimmer|im Flur] ohne Strom",
            "Die Doppelsteckdose [in der Küche|im Wohnzimmer|im Flur] ist tot, die Sicherung ist aber drin.",
            fix: "Lose Klemme in der Verteilerdose befestigt und gemessen.", .socket),
        .home(
            "Sicherung fliegt immer wieder heraus",
            "Sobald Herd und Waschmaschine gleichzeitig laufen, ist der Strom in der halben Wohnung weg.",
            fix: "Stromkreise neu aufgeteilt, FI-Schalter geprüft.", .fuseBox, .high),
        .home(
            "Deckenlampe flackert",
            "Die Lampe [im Flur|im Bad] flackert auch mit neuer Birne.",
            fix: "Lichtschalter ausgetauscht.", .lamp),
        .home(
            "Herd funktioniert nur auf zwei Platten",
            "Die beiden linken Platten werden nicht mehr warm, der Backofen geht.",
            fix: "Phase am Herdanschluss fehlte; Klemme erneuert.", nil, .normal),
        .home(
            "Lüfter im Bad läuft nicht mehr",
            "Der Lüfter springt nicht mehr an, der Spiegel bleibt lange beschlagen.",
            fix: "Lüfter gereinigt und Nachlaufrelais ersetzt.", nil, .low),
        .home(
            "Steckdose hängt aus der Wand",
            "Die Steckdose neben dem Bett hat sich gelöst, man sieht die Drähte. Wir haben sie abgeklebt.",
            fix: "Neue Unterputzdose gesetzt und Steckdose befestigt.", .socket, .urgent),
        .common(
            "Licht im Treppenhaus geht nicht",
            "Im [zweiten|dritten|vierten] Stock bleibt es abends dunkel, die Zeitschaltung klickt nur.",
            fix: "Treppenlichtautomat und zwei Leuchtmittel getauscht.", .lamp, .high),
        .common(
            "Beleuchtung in der Tiefgarage teilweise ausgefallen",
            "Zwischen Stellplatz 10 und 20 geht keine einzige Leuchte mehr an.",
            fix: "Sechs Leuchten auf LED umgerüstet.", .lamp),
        .common(
            "Bewegungsmelder am Hauseingang reagiert nicht",
            "Man steht im Dunkeln vor der Tür und findet das Schloss nicht.",
            fix: "Bewegungsmelder ersetzt und neu ausgerichtet.", .lamp, .normal)
    ]
}
