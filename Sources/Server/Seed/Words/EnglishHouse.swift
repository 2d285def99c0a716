extension [Complaint] {
    static let englishElevator: [Complaint] = [
        .common(
            "Lift stuck between floors",
            "The lift has stopped between the [first and second|second and third] floor. Nobody is inside.",
            fix: "Car lowered, door contact adjusted, test run fine.", .liftDoor),
        .common(
            "Lift door does not close properly",
            "The door opens and closes three times before the lift sets off.",
            fix: "Track cleaned, light curtain adjusted.", .liftDoor, .normal),
        .common(
            "Button in the lift does not respond",
            "The button for the [second|third|fourth] floor no longer does anything.",
            fix: "Push-button unit replaced.", .liftPanel, .normal),
        .common(
            "Lift jerks when it starts",
            "There is a clear jolt and a scraping noise every time it starts.",
            fix: "Maintenance company adjusted and greased the guide shoes.", .liftDoor, .high),
        .common(
            "Light in the lift flickers",
            "The light flickers and sometimes goes out altogether.",
            fix: "Lamp and driver replaced.", .lamp, .normal),
        .common(
            "Emergency phone in the lift is dead",
            "We tried the emergency button during the monthly check and got no line.",
            fix: "Mobile unit replaced, test call successful.", .liftPanel, .high),
        .common(
            "Lift does not go down to the car park",
            "The lift only stops at the ground floor although the key is in.",
            fix: "Key switch replaced.", .liftPanel, .high),
        .common(
            "Lift smells of burnt rubber",
            "There is a strong smell of rubber in the car after a few trips.",
            fix: "Brake was dragging; brake set and tested by the maintenance company.", .liftDoor)
    ]

    static let englishStructural: [Complaint] = [
        .home(
            "Crack in the [living room|bedroom|hall] wall",
            "A crack runs from the corner of the window up to the ceiling and has grown over the last weeks.",
            fix: "Crack opened, taped, filled and painted. Tell-tale fixed to watch it.", .crackedWall),
        .home(
            "Mould [in the bedroom|in the bathroom|behind the wardrobe]",
            "Black spots are spreading in the outside corner [in the bedroom|in the bathroom|behind the wardrobe]. We air the room several times a day.",
            fix: "Area treated, damp measured, window reveal insulated.", .mould, .high),
        .home(
            "Window no longer closes",
            "The window in the [kitchen|nursery] hangs crooked and will not shut, there is a strong draught.",
            fix: "Sash adjusted and stay replaced.", .window, .high),
        .home(
            "Window pane cracked",
            "There is a long crack across the pane of the balcony door.",
            fix: "Double-glazed unit measured and replaced.", .window, .normal),
        .home(
            "Balcony door sticks",
            "The balcony door only opens with force, the wood has swollen.",
            fix: "Door planed, seal renewed.", .window),
        .home(
            "Tiles coming off in the bathroom",
            "Three tiles above the bath are loose and one has already fallen.",
            fix: "Tiles refixed and grouted.", .brokenTile),
        .home(
            "Floorboards have lifted",
            "Next to the radiator the floor has bulged over a good metre.",
            fix: "Boards lifted, dried and glued down again.", nil),
        .common(
            "Render falling from the front wall",
            "Small pieces of render are coming down above the main entrance.",
            fix: "Loose render knocked off and patched; area was cordoned off.", .crackedWall, .urgent),
        .common(
            "Gutter overflows",
            "When it rains, water pours over the gutter on the courtyard side and down the wall.",
            fix: "Leaves cleared, downpipe flushed, brackets replaced.", .gutter, .normal)
    ]

    static let englishCommonArea: [Complaint] = [
        .common(
            "Letterbox does not lock",
            "The flap of the letterbox stands open, the lock just spins.",
            fix: "Lock replaced, two keys handed over.", .mailboxes),
        .common(
            "Handrail on the stairs is loose",
            "The handrail between the [first|second] floor and the landing wobbles.",
            fix: "Brackets refixed.", .stairs, .high),
        .common(
            "Bike stand pulled out of the ground",
            "Two hoops of the bike stand are lying in the courtyard.",
            fix: "Hoops concreted in again.", nil),
        .common(
            "Communal washing machine out of order",
            "Machine 2 does not drain and shows an error.",
            fix: "Filter cleaned, drain pump replaced.", nil, .normal),
        .common(
            "Bins overflowing",
            "The bins are overflowing and the gulls tear the bags open.",
            fix: "Extra collection ordered, bin store hosed down.", .bins, .normal),
        .common(
            "Graffiti beside the entrance",
            "The whole wall next to the door was sprayed overnight.",
            fix: "Cleaned with graffiti remover and repainted.", .graffiti),
        .common(
            "Broken step in the stairwell",
            "A piece has broken off the lowest step, it is easy to trip.",
            fix: "Step made good with repair mortar and marked.", .stairs, .high),
        .common(
            "Hedge blocks the view from the drive",
            "The hedge is so tall that you cannot see the road when pulling out.",
            fix: "Hedge cut back, cuttings taken away.", .hedge),
        .common(
            "Stairwell has not been cleaned",
            "Nobody has swept our staircase for two weeks.",
            fix: "Raised with the cleaning contractor, extra clean done.", .stairs)
    ]

    static let englishSecurity: [Complaint] = [
        .common(
            "Front door does not latch",
            "The front door stays ajar and anybody can walk in.",
            fix: "Strike plate moved and closer adjusted.", .doorLock),
        .home(
            "Flat door is hard to lock",
            "The key sticks and you have to pull the door hard.",
            fix: "Cylinder replaced, door realigned.", .doorLock, .normal),
        .home(
            "Entry phone is silent",
            "It rings, but you cannot hear anybody and the door release does not buzz.",
            fix: "Handset and release module replaced.", .intercom, .normal),
        .common(
            "All door bells dead",
            "Since the storm none of the bells works, parcels do not arrive.",
            fix: "Power supply of the entry system replaced.", .intercom),
        .common(
            "Car park gate stays open",
            "The gate goes up but does not come down any more.",
            fix: "Light barrier cleaned and drive taught again.", .garageDoor),
        .home(
            "Key snapped in the lock",
            "The key broke off in the lock of my front door, I can only get in through next door.",
            fix: "Cylinder drilled and replaced, three new keys handed over.", .doorLock, .urgent),
        .common(
            "Storage cage broken into",
            "Two storage cages have been forced open. The police have been.",
            fix: "New hasps and locks fitted, lighting improved.", nil),
        .common(
            "Door code no longer accepted",
            "The keypad at the back entrance does not take the code.",
            fix: "Keypad cleaned, battery changed, new code issued.", .intercom, .normal)
    ]

    static let englishOther: [Complaint] = [
        .home(
            "No television signal",
            "Every channel breaks up, next door has the same.",
            fix: "Amplifier in the riser restarted, levels measured.", nil),
        .home(
            "Wasps' nest at the [balcony|window frame]",
            "Wasps go in and out at the [balcony|window frame] all day.",
            fix: "Nest removed by a specialist.", nil, .high),
        .home(
            "Silverfish in the bathroom",
            "Small silver insects run over the floor in the evening.",
            fix: "Bait laid, joints sealed.", nil, .low),
        .home(
            "Ceiling alarm keeps beeping",
            "The alarm in the hall beeps once a minute.",
            fix: "Battery changed, function test passed.", .alarm, .high),
        .common(
            "Mice in the bin store",
            "I have seen mice in the bin store several times.",
            fix: "Pest control visited, gap under the door closed.", .bins),
        .home(
            "Blind cannot be raised",
            "The cord has snapped and the room is dark.",
            fix: "New cord and winder fitted.", .window),
        .common(
            "Strange car in my bay",
            "There has been a car I don't know in my rented bay for days.",
            fix: "Owner found and told, bay is free.", nil, .low),
        .home(
            "Noise from the ventilation shaft",
            "A deep hum comes from the shaft in the bathroom, mostly at night.",
            fix: "Roof fan balanced.", nil)
    ]
}
