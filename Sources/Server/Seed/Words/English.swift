extension DemoWords {
    static let english = DemoWords(
        givenNames: [
            "Amelia", "Kwame", "Beatrice", "Callum", "Priya", "Dylan", "Eleanor", "Femi", "Grace", "Hamish", "Imogen", "Jakub",
            "Keira",
            "Liam", "Maya", "Nathaniel", "Olive", "Pavan", "Rosalind", "Samuel", "Tamsin", "Umar", "Violet", "Wesley", "Yusra",
            "Zachary",
            "Alice", "Benedict", "Chloe", "Desmond", "Erin", "Frank", "Harriet", "Idris", "Joan", "Kenneth", "Lucy", "Marcus",
            "Niamh",
            "Owen", "Phoebe", "Rafael", "Sian", "Toby", "Wanda", "Arthur", "Deepa", "George", "Mabel", "Rory"
        ],
        familyNames: [
            "Ashworth", "Adeyemi", "Bellamy", "Birch", "Calloway", "Chowdhury", "Crane", "Dunmore", "Ellery", "Fairbrother",
            "Finch",
            "Garside", "Goodwin", "Hallam", "Hartnell", "Ingleby", "Jessop", "Kaur", "Kemble", "Langridge", "Lockwood", "Marlowe",
            "Mensah", "Nightingale", "Norcross", "Oakes", "Okafor", "Pemberton", "Penrose", "Quigley", "Radcliffe", "Rahman",
            "Rowntree",
            "Sandhu", "Selwyn", "Sinclair", "Tanaka", "Thackeray", "Thorne", "Underhill", "Vickers", "Wainwright", "Weston",
            "Whitlock",
            "Winslow", "Wolski", "Yarrow", "Yates", "Zielinski", "Amos"
        ],
        complaints: [
            "plumbing": .englishPlumbing, "heating": .englishHeating, "electrical": .englishElectrical,
            "elevator": .englishElevator,
            "structural": .englishStructural, "common_area": .englishCommonArea, "security": .englishSecurity,
            "other": .englishOther
        ],
        openings: [
            "", "", "", "Hello,", "Hi there,", "This has been going on for a few days.",
            "I noticed this today:", "Second time this year, I'm afraid.", "Could somebody take a look, please?"
        ],
        closings: [
            "", "", "", "I'm home after 4 pm.", "Please ring before you come.", "Somebody is always in before noon.",
            "Next door has a spare key.", "Many thanks!", "A short reply would be much appreciated.",
            "Best times to come by:\n\n- Monday to Wednesday after 5 pm\n- any time on Friday",
            "Please note: **not without an appointment**, we have a dog."
        ],
        homeNotes: ["", "", "", "", "Courtyard side", "Street side", "Bell: top row", "Please knock loudly"],
        commonNotes: [
            "", "", "Staircase A", "Staircase B", "Courtyard side", "Street side", "Back entrance", "Near the letterboxes"
        ],
        holdReasons: [
            "Part is on order, expected in about ten days.", "Tenant is away until the end of the week.",
            "Waiting for the contractor's quote.", "Waiting for the leaseholder to approve the cost.",
            "Has to dry out before we can carry on.", "Appointment with the manufacturer is booked.",
            "No access to the riser until the neighbouring block agrees."
        ],
        reopenReasons: [
            "I'm sorry to say it is back, exactly as before.", "It held for two days and then started again.",
            "Better than it was, but not right yet.", "The engineer came, but the problem is still there."
        ],
        cancelReasons: [
            "Sorted itself out.", "Reported twice by mistake.", "My mistake, it works again.",
            "Not ours; the provider has been told."
        ],
        secondFixes: [
            "Second visit: found the cause and replaced the whole part. Watched it for an hour.",
            "Put right and checked together with the tenant.", "Replaced by the contractor under warranty."
        ],
        talk: .english, commonParts: ["Lift", "Stairwell", "Cellar", "Bicycle store", "Roof terrace"],
        entrance: { "Entrance \($0 + 1)" },
        unit: { _, _, number in "Flat \(number)" })
}

extension DemoTalk {
    static let english = DemoTalk(
        language: "en",
        updates: [
            "We will come tomorrow between 8 and 10.", "The part has been ordered.",
            "I was there but nobody was in. When would suit you?",
            "First look done, the rest follows this week.", "Could you send another photo, please?"
        ],
        replies: [
            "Thank you, I will be at home.", "Afternoons suit me best.", "It got a little worse since yesterday.",
            "The neighbours have a key.", "Perfect, thanks!"
        ],
        notes: [
            "Third time in this riser; look at the whole run.", "The contractor wants two hours on site.",
            "Charge to the insurance.",
            "Key is with the caretaker."
        ],
        outages: [
            ("heating", "No heating"), ("plumbing", "No water"), ("electrical", "Power cut"), ("elevator", "Lift out of order")
        ],
        outageText: { title, house in
            "\(title): there is an outage in \(house). We know about it and are working on it.\n\nYou need not report it again."
        })
}
