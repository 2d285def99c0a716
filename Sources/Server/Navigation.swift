import Arrival
import Audit
import Faults
import HTML
import Identity
import Notifications
import Operations
import Platform
import Property
import UI
import Votes
import Web

/// The main navigation: what a member may open, in the order of how often it is needed.
enum Navigation {
    @Sendable static func items(_ context: MemberContext) -> [NavItem] {
        let t = OperationsMessages(context.language).nav
        let path = context.arrival.target
        func item(_ label: String, _ address: WebPath, _ icon: Icon, count: Int? = nil, topic: String? = nil) -> NavItem {
            NavItem(
                label: label, path: address, icon: icon,
                current: path == address.string || path.hasPrefix(address.string + "/")
                    || path.hasPrefix(address.string + "?"), count: count, topic: topic)
        }
        var items = [item(t.home, "/dashboard", .house)]
        if context.may(.seeOwnFaults) || context.may(.seeAllFaults) { items.append(item(t.faults, "/faults", .tools)) }
        if context.may(.seeOwnFaults) { items.append(item(t.incidents, "/incidents", .warning)) }
        if context.may(.workOnFaults), !context.may(.assignFaults) { items.append(item(t.mine, "/faults/mine", .wrench)) }
        if context.session.support == nil, context.session.preview == nil, context.session.scopes == nil {
            items.append(item(t.messages, "/messages", .chat, count: context.session.talks, topic: "conversations"))
        }
        if context.may(.seeVotes) { items.append(item(t.votes, "/votes", .checkCircle)) }
        if context.session.scopes == nil {
            items.append(item(t.announcements, "/announcements", .info))
            items.append(item(t.documents, "/documents", .download))
        }
        if context.may(.seeProperty) { items.append(item(t.buildings, "/buildings", .buildings)) }
        if context.may(.seePeople) { items.append(item(t.people, "/people", .people)) }
        if context.may(.invitePeople) { items.append(item(t.invitations, "/admin/invitations", .personPlus)) }
        if context.may(.approvePeople), context.tenant.registration != nil {
            items.append(item(t.applicants, "/admin/users", .person))
        }
        let isMember = context.session.support == nil
        if isMember,
            context.may(.seeDelegations) || !context.session.lent.isEmpty || !context.tenant.isStaff(context.session.roles)
        {
            items.append(item(t.delegations, "/delegations", .door))
        }
        if context.may(.manageDevices) { items.append(item(t.devices, "/admin/devices", .key)) }
        if context.may(.seeReports) { items.append(item(t.reports, "/reports", .calendar)) }
        items.append(item(t.notices, "/notifications", .inbox, count: context.session.unread > 0 ? context.session.unread : nil))
        if context.may(.seeDeliveries) { items.append(item(t.deliveries, "/admin/deliveries", .envelope)) }
        if context.may(.seeConfiguration) { items.append(item(t.configuration, "/admin/configuration", .gear)) }
        if context.may(.seeConfiguration) { items.append(item(t.texts, "/admin/notices", .chat)) }
        if context.may(.seeJobs) { items.append(item(t.jobs, "/admin/jobs", .activity)) }
        if context.may(.seeSupport), isMember { items.append(item(t.support, "/admin/support", .key)) }
        if context.may(.seeAudit) { items.append(item(t.audit, "/admin/audit", .journal)) }
        // `/faults/mine` is below `/faults`; a person is at one place.
        let here = items.filter(\.current).max { $0.path.string.count < $1.path.string.count }
        for index in items.indices { items[index].current = items[index].path == here?.path }
        return items
    }
}
