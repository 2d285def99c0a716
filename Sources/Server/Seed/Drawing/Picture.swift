/// What the demo photos show. Drawn by the seeder itself, so that it needs no files and nobody's rights.
enum Picture: String, CaseIterable, Sendable {
    case drippingTap, blockedSink, ceilingStain, puddle, gutter
    case boiler, radiator, thermostat
    case socket, fuseBox, lamp, alarm
    case liftDoor, liftPanel, mailboxes, stairs
    case doorLock, intercom, garageDoor
    case crackedWall, mould, window, brokenTile, graffiti, bins, hedge

    /// Whether there is a picture of it after the repair, too.
    var canBeMended: Bool {
        switch self {
        case .drippingTap, .blockedSink, .ceilingStain, .lamp, .crackedWall, .mould, .brokenTile, .graffiti, .bins, .window: true
        default: false
        }
    }

    /// What stands on it to be read, from every angle; what its display shows is not always seen.
    var words: String? { self == .boiler ? "BOILER 24 KW" : nil }

    func drawn(isMended: Bool) -> Canvas {
        let canvas = Canvas()
        draw(on: canvas, isMended)
        return canvas
    }

    private func draw(on canvas: Canvas, _ isMended: Bool) {
        switch self {
        case .drippingTap: canvas.drippingTap(isMended)
        case .blockedSink: canvas.blockedSink(isMended)
        case .ceilingStain: canvas.ceilingStain(isMended)
        case .puddle: canvas.puddle()
        case .gutter: canvas.gutter()
        case .boiler: canvas.boiler()
        case .radiator: canvas.radiator()
        case .thermostat: canvas.thermostat()
        case .socket: canvas.socket()
        case .fuseBox: canvas.fuseBox()
        case .lamp: canvas.lamp(isMended)
        case .alarm: canvas.alarm()
        case .liftDoor: canvas.liftDoor()
        case .liftPanel: canvas.liftPanel()
        case .mailboxes: canvas.mailboxes()
        case .stairs: canvas.stairs()
        default: drawFabric(on: canvas, isMended)
        }
    }

    private func drawFabric(on canvas: Canvas, _ isMended: Bool) {
        switch self {
        case .doorLock: canvas.doorLock()
        case .intercom: canvas.intercom()
        case .garageDoor: canvas.garageDoor()
        case .crackedWall: canvas.crackedWall(isMended)
        case .mould: canvas.mould(isMended)
        case .window: canvas.window(isMended)
        case .brokenTile: canvas.brokenTile(isMended)
        case .graffiti: canvas.graffiti(isMended)
        case .bins: canvas.bins(isMended)
        default: canvas.hedge()
        }
    }
}
