extension [Complaint] {
    static let englishPlumbing: [Complaint] = [
        .home(
            "[Kitchen|Bathroom|Basin] tap keeps dripping",
            "The [kitchen|bathroom|basin] tap drips all the time, even when it is turned off hard. We can hear it at night.",
            fix: "Replaced the cartridge, tap is tight.", .drippingTap, .normal),
        .home(
            "[Shower|Bath|Sink] drains very slowly",
            "The water hardly goes down any more. We have tried a plunger and it is starting to smell.",
            fix: "Cleared the trap and jetted three metres of waste pipe.", .blockedSink),
        .home(
            "Toilet keeps running after flushing",
            "The cistern never stops filling. I turn it off at the valve by hand.",
            fix: "New fill valve and flush seal fitted.", nil),
        .home(
            "Water stain on the [bathroom|hall|kitchen] ceiling",
            "There is a brown patch on the [bathroom|hall|kitchen] ceiling, about the size of a plate, and it is growing. I think it comes from the flat above.",
            fix: "Failed seal round the bath above renewed, ceiling dried and painted.", .ceilingStain),
        .home(
            "No hot water",
            "Only cold water from every tap. The neighbours are fine.",
            fix: "Immersion thermostat replaced and tested.", .boiler),
        .home(
            "Very low water pressure",
            "The shower is down to a trickle, worst in the mornings.",
            fix: "Riser valve was half shut; aerators descaled.", .drippingTap, .normal),
        .home(
            "Washing machine connection leaks",
            "There is a puddle under the inlet of the washing machine. I have put a bucket there.",
            fix: "New washer and hose fitted.", .puddle, .urgent),
        .danger(
            "Car park flooded by burst pipe",
            "The lower level is flooding, water is coming from the pipe next to the meters.",
            fix: "Main isolated, pipe section replaced, level pumped dry.", .puddle),
        .common(
            "Outside tap in the courtyard leaks",
            "The tap by the wall drips and the paving under it has gone green.",
            fix: "Frost-proof valve fitted.", .drippingTap, .low)
    ]

    static let englishHeating: [Complaint] = [
        .home(
            "Radiator in the [living room|nursery|bedroom] stays cold",
            "The radiator in the [living room|nursery|bedroom] does not get warm on any setting; the others work. It is 16 degrees in there.",
            fix: "Freed the valve pin, bled and balanced the radiator.", .radiator),
        .home(
            "Heating makes loud gurgling noises",
            "The pipes in the [living room|bathroom] gurgle loudly enough to wake us.",
            fix: "System bled and topped up.", .radiator),
        .home(
            "Heating not working at all",
            "The whole flat is cold. We have a small child and are using a fan heater.",
            fix: "Pump had seized; pump replaced.", .boiler, .urgent),
        .home(
            "Thermostat dial broken",
            "The dial has snapped off and the radiator is hot all the time.",
            fix: "New thermostatic head fitted.", .thermostat),
        .home(
            "Radiator is leaking",
            "Rusty water drips from the radiator valve onto the floor.",
            fix: "Gland tightened and seal replaced.", .radiator, .urgent),
        .home(
            "Underfloor heating in the bathroom is off",
            "The floor stays icy although the control says it is on.",
            fix: "Actuator on the manifold replaced.", .thermostat),
        .common(
            "No heating in the whole building",
            "Everybody on our staircase has been without heating since early morning.",
            fix: "Boiler had locked out; ignition electrode renewed and plant restarted.", .boiler, .urgent),
        .common(
            "Hallway radiator cannot be turned off",
            "The radiator by the entrance runs at full blast even in May.",
            fix: "Stuck valve replaced.", .radiator, .low)
    ]

    static let englishElectrical: [Complaint] = [
        .home(
            "Socket in the [kitchen|living room|hall] is dead",
            "The double socket in the [kitchen|living room|hall] has no power, but the breaker is on.",
            fix: "Loose terminal in the junction box secured and tested.", .socket),
        .home(
            "Breaker trips again and again",
            "As soon as cooker and washing machine run together, half the flat loses power.",
            fix: "Circuits split, residual-current device tested.", .fuseBox, .high),
        .home(
            "Ceiling light flickers",
            "The light in the [hall|bathroom] flickers even with a new bulb.",
            fix: "Switch replaced.", .lamp),
        .home(
            "Cooker works on two rings only",
            "The two left rings no longer heat up; the oven is fine.",
            fix: "Terminal at the cooker outlet renewed.", nil),
        .home(
            "Bathroom extractor has stopped",
            "The fan no longer starts and the mirror stays steamed up for hours.",
            fix: "Fan cleaned and timer replaced.", nil, .low),
        .home(
            "Socket hanging out of the wall",
            "The socket by the bed has come loose and you can see the wires. We have taped it over.",
            fix: "New back box set and socket fixed.", .socket, .urgent),
        .common(
            "Stairwell light does not work",
            "It stays dark on the [second|third|fourth] floor in the evening; the timer only clicks.",
            fix: "Stair timer and two lamps replaced.", .lamp, .high),
        .common(
            "Car park lights partly out",
            "There is not a single light between bays 10 and 20.",
            fix: "Six fittings changed to LED.", .lamp),
        .common(
            "Entrance sensor light does not come on",
            "You stand in the dark and cannot find the lock.",
            fix: "Sensor replaced and aimed again.", .lamp)
    ]
}
